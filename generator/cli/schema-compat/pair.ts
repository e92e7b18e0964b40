import type { Finding } from '../../diagnostics/finding.js';
import { reportJson } from '../../report/json.js';
import { oneLine } from '../../report/reporter.js';
import type { CommandInput, ExitCode } from '../command.js';
import { exitCodeOf, printReport } from '../printing.js';
import { CONTENTS, type Comparison, compare, type Direction, exitCodeFor, MODES, wordOf } from './compare.js';
import { readSchemaFile, type SchemaFile } from './schema-file.js';

/** Two files: the verdict, the value that proves it, and where the reader refuses that. */
export function comparePair(input: CommandInput, [oldName, newName]: readonly [string, string]): ExitCode {
  const { io, options } = input;
  const mode = wordOf('mode', options.mode, MODES, 'backward');
  const content = wordOf('content', options.content, CONTENTS, 'strict');
  const dialect = typeof options.dialect === 'string' ? options.dialect : undefined;
  const [old, next] = [oldName, newName].map((name) => readSchemaFile(name, io.cwd, dialect));
  if (!old || !next || 'findings' in old || 'findings' in next) {
    const findings = [old, next].flatMap((each) => (each && 'findings' in each ? each.findings : []));
    printReport(io, options, findings, undefined);
    return exitCodeOf(findings);
  }
  const comparison = compare(old.source, next.source, mode, content);
  const findings = comparison.directions.flatMap((direction) => findingsOf(direction, old, next));
  if (options.format === 'json') io.out(document(mode, comparison, findings));
  else if (options.format === 'text' || options.format === undefined) tell(input, mode, comparison, findings);
  else printReport(io, options, findings, undefined);
  return exitCodeFor(comparison.verdict);
}

function document(mode: string, { verdict, counterexample }: Comparison, findings: readonly Finding[]): string {
  const reported = JSON.parse(reportJson(findings, { color: false, elapsedMs: 0 })) as { findings: readonly unknown[] };
  const example = counterexample === undefined ? {} : { counterexample: counterexample.value };
  return JSON.stringify({ mode, verdict, ...example, findings: reported.findings }, null, 2);
}

function tell(
  { io, options }: CommandInput,
  mode: string,
  { verdict }: Comparison,
  findings: readonly Finding[],
): void {
  for (const { rule, severity, message, at, fix } of findings) {
    io.out(oneLine(`${at.file}:${at.line}:${at.column}: ${severity} ${rule}: ${message}`));
    if (fix !== undefined) io.out(`  fix: ${oneLine(fix)}`);
  }
  if (options.quiet !== true) io.out(`${mode}: ${verdict}`);
}

function findingsOf({ reader, verdict }: Direction, old: SchemaFile, next: SchemaFile): readonly Finding[] {
  const [reads, writes] = reader === 'new' ? [next, old] : [old, next];
  const common = { severity: 'error', subject: `schema:${reads.shown}` } as const;
  if (verdict.verdict === 'compatible') return [];
  if (verdict.verdict === 'unknown')
    return [
      {
        ...common,
        rule: 'schema-unproven',
        severity: 'warning',
        message: `whether "${reads.shown}" accepts all that "${writes.shown}" accepts is neither proven nor refuted: ${verdict.why}.`,
        at: reads.at(''),
        fix: 'decide by hand, or say the same with simpler keywords.',
      },
    ];
  const { where, counterexample } = verdict;
  const place = where.instance === '' ? 'it' : `"${where.instance}"`;
  return [
    {
      ...common,
      rule: 'schema-incompatible',
      message: `"${reads.shown}" refuses ${JSON.stringify(counterexample)}, which "${writes.shown}" accepts: ${place} ${where.message}.`,
      at: reads.at(where.schema),
      related: [{ at: writes.at(''), message: 'the schema that accepts it' }],
      fix: 'accept it here as well, or see that nobody sends it any more.',
    },
  ];
}
