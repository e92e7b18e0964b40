import { readFileSync } from 'node:fs';
import { contains, type SchemaSource, type Verdict } from '../../generator/schema/contains.js';
import type { Dialect } from '../../generator/schema/node.js';

// node --import tsx test/corpus/containment.ts ROWS.jsonl [PART OF A SOURCE]: asks both directions of every labelled pair and compares.

interface Row {
  readonly draft: string;
  readonly source: string;
  readonly kind: string;
  readonly a: unknown;
  readonly b: unknown;
  readonly aSubsetOfB: boolean | null;
  readonly bSubsetOfA: boolean | null;
}

interface Answer {
  readonly row: Row;
  readonly direction: 'a in b' | 'b in a';
  readonly label: boolean | null;
  readonly verdict: Verdict;
  readonly steps: number;
}

const DIALECTS: Readonly<Record<string, Dialect>> = {
  draft4: 'draft-04',
  draft6: 'draft-06',
  draft7: 'draft-07',
  'draft2019-09': '2019-09',
  'draft2020-12': '2020-12',
};

const [path, part = ''] = process.argv.slice(2);
if (path === undefined) {
  console.error('usage: containment.ts ROWS.jsonl [PART OF A SOURCE]');
  process.exitCode = 2;
} else {
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Row)
    .filter(({ source }) => source.includes(part));
  const started = performance.now();
  const answers = rows.flatMap(ask);
  report(answers, performance.now() - started);
}

function ask(row: Row): readonly Answer[] {
  const dialect = DIALECTS[row.draft] ?? '2020-12';
  const [a, b]: SchemaSource[] = [
    { schema: row.a, dialect },
    { schema: row.b, dialect },
  ];
  if (!a || !b) return [];
  const directions = [
    { direction: 'a in b', label: row.aSubsetOfB, reader: b, writer: a },
    { direction: 'b in a', label: row.bSubsetOfA, reader: a, writer: b },
  ] as const;
  return directions.map(({ direction, label, reader, writer }) => {
    let steps = 0;
    const verdict = contains(reader, writer, {
      onSteps: (taken) => {
        steps = taken;
      },
    });
    return { row, direction, label, verdict, steps };
  });
}

function report(answers: readonly Answer[], durationMs: number): void {
  const labelled = answers.filter(({ label }) => label !== null);
  const is = (answer: Answer, verdict: Verdict['verdict']): boolean => answer.verdict.verdict === verdict;
  const unsound = labelled.filter((answer) => answer.label === false && is(answer, 'compatible'));
  const contradicted = labelled.filter((answer) => answer.label === true && is(answer, 'incompatible'));
  const broken = labelled.filter(({ label }) => label === false);
  const found = broken.filter((answer) => is(answer, 'incompatible'));
  const unknown = labelled.filter((answer) => is(answer, 'unknown'));
  const open = answers.filter((answer) => answer.label === null && is(answer, 'unknown'));
  const share = (some: number, all: number): string =>
    `${some} of ${all} (${((100 * some) / Math.max(1, all)).toFixed(1)} %)`;
  console.log(`called compatible against the label  ${share(unsound.length, broken.length)}`);
  console.log(`counterexamples where there is one   ${share(found.length, broken.length)}`);
  console.log(`counterexamples against the label    ${contradicted.length}`);
  console.log(`unknown                              ${share(unknown.length, labelled.length)}`);
  console.log(`unknown without a label              ${share(open.length, answers.length - labelled.length)}`);
  console.log(`most steps                           ${Math.max(0, ...answers.map(({ steps }) => steps))}`);
  console.log(`verdicts per second                  ${Math.round((1000 * answers.length) / durationMs)}`);
  for (const [title, offenders] of [
    ['unsound', unsound],
    ['contradicted', contradicted],
    ['unknown', unknown],
    ['open', open],
  ] as const)
    for (const { row, direction, verdict, steps } of offenders)
      console.log(
        `${title}: ${row.source}, ${direction}, ${steps} steps\n  a ${JSON.stringify(row.a)}\n  b ${JSON.stringify(row.b)}\n  ${JSON.stringify(verdict)}`,
      );
  process.exitCode = unsound.length > 0 ? 1 : 0;
}
