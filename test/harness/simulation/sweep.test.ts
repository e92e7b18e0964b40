import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../generator/schema/random.js';
import { faultNamed } from '../../../harness/faults/registry.js';
import { violationsOf } from '../../../harness/invariants/registry.js';
import type { Plan } from '../../../harness/plan.js';
import { planInWords } from '../../../harness/report/words.js';
import { scenarios } from '../../../harness/scenarios/registry.js';
import { simulate } from '../../../harness/simulate.js';
import type { Subject } from '../../../harness/subject.js';
import { planFor } from '../http/play.js';
import { bareSubjects } from './subjects.js';

/** Simplest plans and random ones, per scenario and target; the search of `seamwright verify` goes on from there. */
const plansEach = Number(process.env.SWEEP_PLANS ?? 4);
const seed = Number(process.env.SWEEP_SEED ?? 1);

describe.each(['easyplatform', 'dhanman'])('no promise is broken by the unmutated services of %s', (system) => {
  it('whatever happens to their messages', { timeout: 300_000 }, async () => {
    const broken: string[] = [];
    const struck = new Set<string>();
    let plans = 0;
    for (const subject of await bareSubjects(system)) {
      for (const plan of plansOf(subject)) {
        const run = await simulate(subject, plan);
        plans += 1;
        for (const one of run.happenings) if (one.kind === 'fault') struck.add(one.fault);
        const [violation] = violationsOf(run, subject);
        if (violation !== undefined)
          broken.push(`${subject.name} ${plan.scenario} ${violation.invariant}: ${planInWords(plan).join('; ')}`);
      }
    }
    expect(broken).toEqual([]);
    expect(plans).toBeGreaterThan(200);
    expect([...struck].length).toBeGreaterThan(15);
  });
});

function* plansOf(subject: Subject): Iterable<Plan> {
  for (const scenario of scenarios) {
    const targets = scenario.targets(subject);
    if ('none' in targets) continue;
    // A sample of the targets, another one for each seed; what is called is tried elsewhere.
    const messaging = targets.filter(({ id }) => /^(copy|effect|owned|publishes):/.test(id));
    const target = messaging[seed % messaging.length];
    if (target === undefined || scenario.enumerates === true) continue;
    for (let index = 0; index < plansEach; index++) {
      const random = randomStream(seed * 1_000 + index);
      const draft = scenario.plan(target, { subject, index, random, exhaustive: false });
      if (draft === undefined) break;
      for (const fault of draft.faults) expect(faultNamed(fault.fault)?.refuse(fault), fault.fault).toBeUndefined();
      yield planFor(subject, { ...draft, scenario: scenario.id });
    }
  }
}
