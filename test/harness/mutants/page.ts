import type { Mutant } from '../../../harness/mutants/mutant.js';

/** A mutant, and whether a check of shapes alone finds it. */
export interface ShownMutant {
  readonly mutant: Mutant;
  readonly shape: boolean;
}

/** The reference page of all mistakes that the harness is measured by, as Markdown. */
export function mutantsPage(shown: readonly ShownMutant[]): string {
  const byShape = shown.filter(({ shape }) => shape).length;
  return [
    '# Mistakes',
    '',
    '<!-- Written from harness/mutants by test/harness/mutants/page.ts. UPDATE_DOCS=1 npx vitest run --project unit test/harness/mutants/page.test.ts writes it anew. -->',
    '',
    'A harness that finds nothing may be blind. So each of these mistakes is built into a service that has none, and the harness has to find it within 500 schedules, on each of five seeds, by a promise that the mistake breaks; and over services without mistakes it has to stay silent. `npm run mutants` measures it in a checkout of the sources; `seamwright verify --score` asks the same of your own service.',
    '',
    `The last column says what a check of shapes sees of it: whether each message is valid by its contract, and whether the consumer takes each valid one, one message or request at a time and with nothing going wrong. That finds ${byShape} of the ${shown.length}.`,
    '',
    '| | mistake | broken promise | found by its shape |',
    '|---|---|---|---|',
    ...shown.map(
      ({ mutant: { number, id, title, expected }, shape }) =>
        `| ${number} | \`${id}\`: ${title} | ${expected.map((one) => `[${one}](invariants.md#${one})`).join(', ')} | ${shape ? 'yes' : 'no'} |`,
    ),
    '',
    'Numbers 39 and 41 to 44 stand for mistakes of commands with several receivers and of sagas; they are not built in.',
    '',
  ].join('\n');
}
