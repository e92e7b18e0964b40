import { loadWorkspace } from '../../../generator/load/workspace.js';
import { buildModel } from '../../../generator/model/build.js';
import { randomStream } from '../../../generator/schema/random.js';
import type { Run } from '../../../harness/history.js';
import type { Violation } from '../../../harness/invariants/invariant.js';
import { violationsOf } from '../../../harness/invariants/registry.js';
import { loadServices, subjectOf } from '../../../harness/load-subject.js';
import type { CallStep, Plan } from '../../../harness/plan.js';
import type { Scenario } from '../../../harness/scenarios/scenario.js';
import { type SimulateOptions, simulate } from '../../../harness/simulate.js';
import type { Subject } from '../../../harness/subject.js';

/** A service of a worked system, with its user's code. */
export async function subjectIn(system: string, service: string): Promise<Subject> {
  const root = process.cwd();
  const { workspace } = await loadWorkspace(`contracts/${system}`, { cwd: root, validate: 'fast' });
  if (workspace === undefined) throw new Error(`contracts/${system} cannot be read`);
  const { model } = buildModel(workspace);
  const places = { output: `${root}/generated/${system}`, services: `${root}/services/${system}` };
  return subjectOf(model, await loadServices(model, places), service);
}

/** A plan for a subject from what matters of it. */
export function planFor(subject: Subject, draft: Pick<Plan, 'steps' | 'faults'> & Partial<Plan>): Plan {
  const { system, name: service } = subject;
  return { seamwright: 1, system, service, scenario: 'test', level: 'sim', seed: 1, jitter: 0, ...draft };
}

/** The plan number `index` of a scenario for a target. */
export function drawn(subject: Subject, scenario: Scenario, target: string, index: number): Plan {
  const targets = scenario.targets(subject);
  const found = 'none' in targets ? undefined : targets.find(({ id }) => id === target);
  if (found === undefined) throw new Error(`${scenario.id} has no target ${target}`);
  const draft = scenario.plan(found, { subject, index, random: randomStream(index), exhaustive: false });
  if (draft === undefined) throw new Error(`${scenario.id} has no plan ${index}`);
  return planFor(subject, { ...draft, scenario: scenario.id });
}

/** Promises that plans of a scenario break, and how many of the plans struck. */
export async function broken(
  subject: Subject,
  scenario: Scenario,
  target: string,
  plans: number,
  options: SimulateOptions = {},
): Promise<{ readonly violations: readonly Violation[]; readonly struck: number; readonly runs: readonly Run[] }> {
  const runs: Run[] = [];
  for (let index = 0; index < plans; index++)
    runs.push(await simulate(subject, drawn(subject, scenario, target, index), options));
  return {
    runs,
    violations: runs.flatMap((run) => violationsOf(run, subject)),
    struck: runs.filter(({ happenings }) => happenings.some(({ kind }) => kind === 'fault')).length,
  };
}

/** Ids of the broken promises, each once. */
export function idsOf(violations: readonly Violation[]): readonly string[] {
  return [...new Set(violations.map(({ invariant }) => invariant))].sort();
}

export function callOf(
  id: string,
  at: number,
  operation: string,
  caller: string,
  more: Partial<CallStep> = {},
): CallStep {
  return { id, at, do: 'call', operation, caller, value: 1, ...more };
}
