import { formatPosition } from '../diagnostics/position.js';
import type { Judgement, Order } from './judgement.js';
import { lineDiff } from './line-diff.js';
import type { CompatRule } from './rule.js';

/** What the documentation shows of a rule: its case. */
export interface DocumentedChange {
  /** Files that differ between the two revisions, by path; '' where one is not there. */
  readonly files: readonly (readonly [path: string, before: string, after: string])[];
  /** What the rule says of it. */
  readonly judgements: readonly Judgement[];
}

/**
 * The reference page of all rules about changes, as Markdown. Pure: the same rules and cases give the same text.
 *
 * @param cases the case of each rule, by id
 */
export function compatRulesPage(rules: readonly CompatRule[], cases: ReadonlyMap<string, DocumentedChange>): string {
  return [...introduction(rules), ...rules.flatMap((rule) => section(rule, cases.get(rule.id))), ''].join('\n');
}

function introduction(rules: readonly CompatRule[]): readonly string[] {
  return [
    '# Rules of `seamwright breaking`',
    '',
    '<!-- Written from generator/compat/rules and test/cases/compat by generator/compat/docs.ts. UPDATE_DOCS=1 npx vitest run test/compat/docs.test.ts writes it anew. -->',
    '',
    'Each rule is one file in `generator/compat/rules`. It judges one kind of change between two revisions of the contracts, and says of it:',
    '',
    '- **breaking**: proven, somebody is hit. An error, and a new major version.',
    '- **unknown**: neither proven safe nor broken. It stops the gate until somebody has looked, and counts as a new major version until then.',
    '- **notice**: it works, but behaves otherwise.',
    '- **safe**: nobody notices; a new minor version, or a patch.',
    '',
    'And in which order to ship: **readers first** when whoever reads has to know the new form before it is sent; **writers first** when the new reader refuses what the old writer sends; **no order** when neither works and it takes two releases; **any order** otherwise, canary and rollback included. Of an event its publisher writes and its consumers read, of a command its senders write and its receiver reads, of a request the clients write, of a response the server; of a dependency the provider is the writer, of a saga whoever runs it. **stored** means that messages or states which are stored already can no longer be read.',
    '',
    'A change that is meant is accepted with a reason in the feature that it belongs to:',
    '',
    '```yaml',
    'accept_breaking:',
    '  - change: event-removed event:OrderPlaced',
    '    reason: billing reads OrderCame since May',
    '    until: 2027-01-31',
    '```',
    '',
    '| rule | what it holds to |',
    '|---|---|',
    ...rules.map((rule) => `| [${rule.id}](#${rule.id}) | ${rule.title} |`),
  ];
}

function section(rule: CompatRule, example: DocumentedChange | undefined): readonly string[] {
  const { id, title, why, fix, mirror, requirements } = rule;
  const other =
    typeof mirror === 'string' ? `*Seen from the other side:* [${mirror}](#${mirror}).` : `*No mirror:* ${mirror.none}`;
  return [
    '',
    `## ${id}`,
    '',
    title,
    '',
    why,
    '',
    `*Fix:* ${fix}`,
    '',
    other,
    ...(example === undefined ? [] : shownCase(example)),
    '',
    `Requirements: ${requirements.join(', ')}`,
  ];
}

function shownCase({ files, judgements }: DocumentedChange): readonly string[] {
  return [
    ...files.flatMap(([path, before, after]) => ['', '```diff', ` # ${path}`, ...lineDiff(before, after), '```']),
    '',
    '```text',
    ...judgements.flatMap(shownJudgement),
    '```',
  ];
}

const orders: Readonly<Record<Order, string>> = {
  any: 'any order',
  'reader-first': 'readers first',
  'writer-first': 'writers first',
  never: 'no order',
};

function shownJudgement(judgement: Judgement): readonly string[] {
  const { rule, verdict, level, order, breaksStored, subject, pointer = '', affected, counterexample } = judgement;
  const facts = [verdict, level, orders[order], ...(breaksStored ? ['stored'] : [])];
  return [
    `${formatPosition(judgement.at)} ${rule}: ${judgement.message}`,
    `  ${facts.join(', ')}: ${subject}${pointer}`,
    ...affected.map(({ service, why }) => `  hits ${service}: ${why}`),
    ...(counterexample === undefined
      ? []
      : [`  for example ${JSON.stringify(counterexample.value)}: ${counterexample.refusal}`]),
  ];
}
