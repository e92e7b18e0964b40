import type { Fault } from '../../../harness/faults/fault.js';
import type { Invariant } from '../../../harness/invariants/invariant.js';
import type { Plan } from '../../../harness/plan.js';
import { planInWords } from '../../../harness/report/words.js';
import type { Scenario } from '../../../harness/scenarios/scenario.js';

/** A scenario with the smallest plan that some worked service gives it; undefined when none has an occasion. */
export interface ShownScenario {
  readonly scenario: Scenario;
  readonly example?: Plan;
}

const note = (folder: string): string =>
  `<!-- Written from harness/${folder} by test/harness/simulation/pages.ts. UPDATE_DOCS=1 npx vitest run --project unit test/harness/simulation/pages.test.ts writes it anew. -->`;

/** A scenario of two revisions. */
type MixedScenario = Pick<Scenario, 'id' | 'title' | 'after'>;

const afterLine = (after: readonly string[]): string =>
  `After: ${after.map((one) => `[${one}](invariants.md#${one})`).join(', ')}.`;

/** The reference page of all scenarios, as Markdown. One that two revisions play, too, says so in its own section. */
export function scenariosPage(shown: readonly ShownScenario[], mixed: readonly MixedScenario[]): string {
  const known = new Set(shown.map(({ scenario }) => scenario.id));
  const twice = new Map(mixed.map((one) => [one.id, one]));
  return [
    '# Scenarios',
    '',
    note('scenarios'),
    '',
    'A scenario is one way in which things go wrong. It finds what of a service it can be played on from the contracts: the copies that it keeps, its handlers, the entities that it owns, what it publishes and calls. Its first plans are the smallest ones; the later ones put the same trouble into random messages, with other [faults](faults.md) beside it. Every run is held to all [promises](invariants.md); those named here are what the scenario is after.',
    '',
    ...shown.flatMap(({ scenario: { id, title, after }, example }) => [
      `## ${id}`,
      '',
      title,
      '',
      afterLine(after),
      '',
      ...twoRevisions(twice.get(id)),
      ...(example === undefined
        ? []
        : [
            `The smallest plan for \`${example.service}\` of \`${example.system}\`:`,
            '',
            ...planInWords(example).map((line) => `- ${line}`),
            '',
          ]),
    ]),
    ...mixed
      .filter(({ id }) => !known.has(id))
      .flatMap((one) => [`## ${one.id}`, '', one.title, '', afterLine(one.after), '', needsTwo, '']),
  ].join('\n');
}

const needsTwo =
  'Needs a second revision: `verify --mixed-with <revision>`, see [two versions at once](../guides/verify.md#two-versions-at-once).';

function twoRevisions(mixed: MixedScenario | undefined): readonly string[] {
  if (mixed === undefined) return [];
  return [`With \`--mixed-with\`: ${mixed.title} ${afterLine(mixed.after)}`, ''];
}

/** The reference page of all faults, as Markdown. `examples`: one planned fault of each id, as far as there is one. */
export function faultsPage(faults: readonly Fault[], examples: ReadonlyMap<string, Plan['faults'][number]>): string {
  return [
    '# Faults',
    '',
    note('faults'),
    '',
    'A fault is one thing that goes wrong in a simulation. A plan names it with what it concerns: a step, a service, an instant. After the last step everything is healed, and the system has to come right by itself.',
    '',
    ...faults.flatMap((fault) => {
      const example = examples.get(fault.id);
      return [
        `## ${fault.id}`,
        '',
        fault.title,
        '',
        ...(example === undefined
          ? []
          : ['```json', JSON.stringify(example), '```', '', `In a report: ${fault.words(example)}.`, '']),
      ];
    }),
  ].join('\n');
}

/** The reference page of all promises, as Markdown. */
export function invariantsPage(
  invariants: readonly Pick<Invariant, 'id' | 'promise'>[],
  scenarios: readonly Pick<Scenario, 'id' | 'after'>[],
): string {
  return [
    '# Promises',
    '',
    note('invariants'),
    '',
    'What must hold in every run, whatever goes wrong. Each is checked from what was seen at the ports of the services: what the broker took and handed out, what the stores committed, what was called. Nothing relies on what a service says of itself.',
    '',
    ...invariants.flatMap(({ id, promise }) => {
      const after = new Map(scenarios.filter((one) => one.after.includes(id)).map((one) => [one.id, one]));
      return [
        `## ${id}`,
        '',
        promise,
        '',
        ...(after.size === 0
          ? []
          : [`Sought by ${[...after.keys()].map((one) => `[${one}](scenarios.md#${one})`).join(', ')}.`, '']),
      ];
    }),
  ].join('\n');
}
