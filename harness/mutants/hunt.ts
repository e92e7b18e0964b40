import type { Violation } from '../invariants/invariant.js';
import { violationsOf } from '../invariants/registry.js';
import type { Plan } from '../plan.js';
import { scenarios } from '../scenarios/registry.js';
import type { Scenario, Target } from '../scenarios/scenario.js';
import { planFor } from '../search.js';
import { shrink } from '../shrink.js';
import { type SimulateOptions, simulate } from '../simulate.js';
import type { Subject } from '../subject.js';
import type { Mutant } from './mutant.js';

/** What the hunt for one mutant with one seed came to. */
export interface Hunt {
  readonly killed: boolean;
  /** Schedules until it was found, or that were played in vain. */
  readonly schedules: number;
  readonly invariant?: string;
  readonly sentence?: string;
  readonly scenario?: string;
  readonly subject?: string;
  /** Of the shrunk plan. */
  readonly messages?: number;
  readonly faults?: number;
  readonly plan?: Plan;
  /** Promises that broke beside, when none of the expected ones did. */
  readonly otherwise?: readonly string[];
}

export interface HuntOptions {
  readonly seed: number;
  /** Schedules at most. */
  readonly budget: number;
  /** Makes the plan that finds it small. Default true. */
  readonly shrinks?: boolean;
}

/** Plays schedules against a mutated service until one of the promises breaks that the mutant must break. */
export async function hunt(mutant: Mutant, subjects: readonly Subject[], options: HuntOptions): Promise<Hunt> {
  const { seed, budget } = options;
  let schedules = 0;
  const otherwise = new Set<string>();
  for (const subject of subjects) {
    const simulated = mutated(mutant, subject);
    for (const { scenario, target, index } of turns(mutant, subject)) {
      if (schedules >= budget) break;
      const plan = planFor(subject, scenario, target, index, { seed, level: 'sim' });
      if (plan === undefined) continue;
      schedules += 1;
      const violations = violationsOf(await simulate(subject, plan, simulated), subject);
      const found = violations.find(({ invariant }) => mutant.expected.includes(invariant));
      for (const { invariant } of violations) otherwise.add(invariant);
      if (found === undefined || (await breaksAnyway(subject, plan, found))) continue;
      return caught(subject, plan, found, schedules, simulated, options);
    }
  }
  return { killed: false, schedules, ...(otherwise.size > 0 && { otherwise: [...otherwise] }) };
}

/** The service breaks the promise without the mistake as well, so that nothing was found. */
async function breaksAnyway(subject: Subject, plan: Plan, { invariant }: Violation): Promise<boolean> {
  return violationsOf(await simulate(subject, plan), subject).some((one) => one.invariant === invariant);
}

async function caught(
  subject: Subject,
  plan: Plan,
  found: Violation,
  schedules: number,
  simulated: SimulateOptions,
  { shrinks = true }: HuntOptions,
): Promise<Hunt> {
  const shrunk = shrinks
    ? await shrink(plan, 150, async (smaller) => {
        const violations = violationsOf(await simulate(subject, smaller, simulated), subject);
        return violations.some(({ invariant }) => invariant === found.invariant) ? true : undefined;
      })
    : { plan };
  return {
    ...{ killed: true, schedules, invariant: found.invariant, sentence: found.sentence },
    ...{ scenario: plan.scenario, subject: `${subject.system}/${subject.name}` },
    ...{ messages: shrunk.plan.steps.length, faults: shrunk.plan.faults.length, plan: shrunk.plan },
  };
}

/** The mistake, put where it belongs. */
export function mutated(mutant: Mutant, subject: Subject): SimulateOptions {
  const concerned = (service: string): boolean => (service === subject.name) !== (mutant.at === 'others');
  const { apply, store } = mutant;
  return {
    ...(apply && { mutate: (create, service) => (concerned(service) ? apply(create, { service, subject }) : create) }),
    ...(store && { mutateStore: (own, service, clock) => (concerned(service) ? store(own, clock) : own) }),
  };
}

const indexMax = 500;

/** Targets of a scenario that a mutant gives it an occasion on. */
export function struck(mutant: Mutant, subject: Subject, scenario: Scenario): readonly Target[] {
  const targets = scenario.targets(subject);
  if ('none' in targets) return [];
  return targets.filter(
    (target) =>
      mutant.strikes.some((role) => target.id.startsWith(`${role}:`)) && mutant.fits?.(subject, target) !== false,
  );
}

/** The mutant's scenarios on all of their targets, in turns: the simplest plan of each, then the next one of each. */
function* turns(
  mutant: Mutant,
  subject: Subject,
): Iterable<{ readonly scenario: Scenario; readonly target: Target; readonly index: number }> {
  const pairs = mutant.scenarios.flatMap((id) => {
    const scenario = scenarios.find((one) => one.id === id);
    return scenario === undefined ? [] : struck(mutant, subject, scenario).map((target) => ({ scenario, target }));
  });
  for (let index = 0; index < indexMax && pairs.length > 0; index++) {
    for (const pair of pairs) yield { ...pair, index };
  }
}
