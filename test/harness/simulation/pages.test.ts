import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../../generator/schema/random.js';
import { faults } from '../../../harness/faults/registry.js';
import { invariants } from '../../../harness/invariants/registry.js';
import { mixedScenarios } from '../../../harness/mixed/scenarios.js';
import { understanding } from '../../../harness/mixed/understanding.js';
import type { Plan } from '../../../harness/plan.js';
import { scenarios } from '../../../harness/scenarios/registry.js';
import type { Scenario } from '../../../harness/scenarios/scenario.js';
import type { Subject } from '../../../harness/subject.js';
import { planFor } from '../http/play.js';
import { faultsPage, invariantsPage, scenariosPage } from './pages.js';
import { everySubject } from './subjects.js';

const REFERENCE = join(import.meta.dirname, '../../../docs/reference');

let subjects: readonly Subject[] = [];
beforeAll(async () => {
  subjects = [...(await everySubject('easyplatform')), ...(await everySubject('dhanman'))];
});

/** The plans that the first services with an occasion give a scenario. */
function* plansOf(scenario: Scenario): Iterable<Plan> {
  for (const subject of subjects) {
    const targets = scenario.targets(subject);
    const target = 'none' in targets ? undefined : targets[0];
    if (target === undefined) continue;
    for (let index = 0; index < 8; index++) {
      const draft = scenario.plan(target, { subject, index, random: randomStream(index), exhaustive: false });
      if (draft !== undefined) yield planFor(subject, { ...draft, scenario: scenario.id });
    }
  }
}

function first(scenario: Scenario): Plan | undefined {
  for (const plan of plansOf(scenario)) return plan;
  return undefined;
}

/** One planned fault of each id, from the plans that the scenarios make. */
function plannedFaults(): ReadonlyMap<string, Plan['faults'][number]> {
  const found = new Map<string, Plan['faults'][number]>();
  for (const scenario of scenarios) {
    for (const plan of plansOf(scenario)) {
      for (const fault of plan.faults) if (!found.has(fault.fault)) found.set(fault.fault, fault);
    }
  }
  return found;
}

describe('the reference says what the registries say', () => {
  it.each([
    [
      'scenarios',
      () =>
        scenariosPage(
          scenarios.map((scenario) => shown(scenario)),
          mixedScenarios,
        ),
    ],
    ['faults', () => faultsPage(faults, plannedFaults())],
    ['invariants', () => invariantsPage([...invariants, understanding], [...scenarios, ...mixedScenarios])],
  ] as const)('%s', (name, make) => {
    const path = join(REFERENCE, `${name}.md`);
    const page = make();
    if (process.env.UPDATE_DOCS === '1') writeFileSync(path, page);
    expect(readFileSync(path, 'utf8')).toBe(page);
  });

  function shown(scenario: Scenario) {
    const example = first(scenario);
    return { scenario, ...(example !== undefined && { example }) };
  }
});

it('scenarios are after promises that exist', () => {
  const known = new Set([...invariants, understanding].map(({ id }) => id));
  const unknown = [...scenarios, ...mixedScenarios].flatMap(({ id, after }) =>
    after.filter((one) => !known.has(one)).map((one) => `${id}: ${one}`),
  );
  expect(unknown).toEqual([]);
});
