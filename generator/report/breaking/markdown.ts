import type { Bump } from '../../compat/bump.js';
import { changeName } from '../../compat/change-name.js';
import type { Impact } from '../../compat/impact.js';
import type { Affected, Judgement } from '../../compat/judgement.js';
import type { DeployTier } from '../../compat/order.js';
import { formatPosition } from '../../diagnostics/position.js';
import { cell, code } from '../markdown.js';
import { counted, oneLine } from '../reporter.js';
import { countsOf, summaryText } from './counts.js';
import { orderText } from './order-text.js';
import type { BreakingReporter, BreakingRun, Comparison } from './run.js';

/** The first line, by which whoever posts the comment finds it again. */
export const COMMENT_MARKER = '<!-- seamwright breaking -->';

/** For a comment on a pull request: the verdict, who is hit, the order; what each break looks like lies in folds. */
export const breakingMarkdown: BreakingReporter = (run) =>
  [
    COMMENT_MARKER,
    `### seamwright: ${verdictText(run)}`,
    '',
    ...run.findings.map(({ message, fix }) => `- ${cell(message)}${fix === undefined ? '' : ` *fix:* ${cell(fix)}`}`),
    ...run.comparisons.flatMap(comparisonLines),
    ...(run.comparisons.length === 0 ? [] : [`<sub>${cell(summaryText(run))}</sub>`]),
    '',
  ].join('\n');

function verdictText(run: BreakingRun): string {
  const { breaking, unknown, waived } = countsOf(run);
  const unread = [...run.findings, ...run.comparisons.flatMap(({ findings }) => findings)].some(
    (each) => each.unreadable,
  );
  if (unread) return 'the contracts could not be compared';
  if (breaking > 0) return counted(breaking, 'breaking change');
  if (unknown > 0) return `nothing broken, ${counted(unknown, 'change')} unproven`;
  return waived > 0 ? 'nothing breaks that was not accepted' : 'nothing breaks';
}

function comparisonLines(comparison: Comparison): readonly string[] {
  const { system, against, isNew, impact, findings } = comparison;
  const read = findings.map(({ at, message }) => `- ${code(formatPosition(at))} ${cell(message)}`);
  const told = read.length === 0 ? [] : [...read, ''];
  if (isNew) return [...told, `${code(system)} is new: ${cell(against)} does not have it.`, ''];
  if (impact === undefined) return told;
  return [
    ...told,
    ...bumpLines(impact.bumps.filter((bump) => bump.kind === 'feature' && bump.level === 'major')),
    ...hitLines(impact.judgements),
    ...impact.judgements.flatMap(fold),
    ...orderLines(impact),
    ...impact.findings.map(
      ({ severity, rule, message, fix }) =>
        `- ${severity} ${code(rule)} ${cell(message)}${fix === undefined ? '' : ` *fix:* ${cell(fix)}`}`,
    ),
    ...(impact.findings.length > 0 ? [''] : []),
    ...waivedLines(impact),
  ];
}

function bumpLines(bumps: readonly Bump[]): readonly string[] {
  if (bumps.length === 0) return [];
  const line = ({ name, from, to, is, done }: Bump): string =>
    `- ${code(name)} ${from} → **${to}**${done ? ' ✓' : `, is ${is}`}`;
  return [...bumps.map(line), ''];
}

function hitLines(judgements: readonly Judgement[]): readonly string[] {
  const rows = judgements.flatMap((judgement) => judgement.affected.map((affected) => ({ affected, judgement })));
  if (rows.length === 0) return [];
  const row = ({ affected, judgement }: { affected: Affected; judgement: Judgement }): string =>
    `| ${code(affected.service)} | ${cell(affected.team)} | ${code(judgement.rule)} | ${cell(affected.why)} |`;
  return ['| who is hit | team | by | why |', '|---|---|---|---|', ...rows.map(row), ''];
}

function fold(judgement: Judgement): readonly string[] {
  const { rule, message, at, fix, counterexample, verdict } = judgement;
  const order = orderText(judgement);
  return [
    '<details>',
    `<summary>${verdict === 'breaking' ? '💥' : verdict === 'unknown' ? '❔' : 'ℹ️'} <code>${html(rule)}</code> ${html(message)}</summary>`,
    '',
    code(formatPosition(at)),
    '',
    ...(counterexample === undefined
      ? []
      : [
          `The ${counterexample.writtenBy} writer may send this:`,
          '',
          ...fenced(JSON.stringify(counterexample.value, null, 2) ?? ''),
          '',
          `and the ${counterexample.writtenBy === 'new' ? 'old' : 'new'} reader answers: ${code(counterexample.refusedAt || '/')} ${cell(counterexample.refusal)}`,
          '',
        ]),
    ...(order === undefined ? [] : [`**Order:** ${cell(order)}`, '']),
    ...(fix === undefined ? [] : [`**Fix:** ${cell(fix)}`, '']),
    ...(verdict === 'notice'
      ? []
      : [
          'To accept it:',
          '',
          ...fenced(
            `accept_breaking:\n  - change: ${JSON.stringify(changeName(judgement))}\n    reason: …\n    until: …`,
            'yaml',
          ),
          '',
        ]),
    '</details>',
    '',
  ];
}

const JSON_LENGTH_MAX = 4_000;

/** The fence is longer than any run of backticks in the text, so that the text cannot close it. */
function fenced(text: string, language = 'json'): readonly string[] {
  const cut = text.length > JSON_LENGTH_MAX ? `${text.slice(0, JSON_LENGTH_MAX)}\n…` : text;
  const longest = Math.max(2, ...[...cut.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, cut, fence];
}

function orderLines({ order }: Impact): readonly string[] {
  if (order.tiers.length === 0) return [];
  const line = ({ services, why, pointOfNoReturn, tier }: DeployTier): string =>
    `${tier}. ${services.map(code).join(', ')}: ${cell(why)}${pointOfNoReturn === undefined ? '' : ` **No way back:** ${cell(pointOfNoReturn)}`}`;
  const split = order.splits.flatMap(({ why, expand, contract }) => [
    `- **Split into two releases.** ${cell(why)}`,
    ...expand.map((step) => `  - expand: ${cell(step)}`),
    ...contract.map((step) => `  - contract: ${cell(step)}`),
  ]);
  return ['**Order to ship**', '', ...order.tiers.map(line), '', ...split, ...(split.length > 0 ? [''] : [])];
}

function waivedLines({ waived }: Impact): readonly string[] {
  if (waived.length === 0) return [];
  return [
    '<details>',
    `<summary>${waived.length} accepted</summary>`,
    '',
    ...waived.map(({ judgement, reason, until, approvedBy }) => {
      const more = `${approvedBy === undefined ? '' : `, by ${approvedBy}`}${until === undefined ? '' : `, until ${until}`}`;
      return `- ${code(changeName(judgement))} ${cell(`${reason}${more}`)}`;
    }),
    '',
    '</details>',
    '',
  ];
}

/** Inside a line of HTML no Markdown is read, so backslashes would be seen. */
function html(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;');
}
