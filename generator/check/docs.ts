import { configurationRules } from './configuration.js';
import type { Rule } from './rule.js';

/** What the documentation shows of a rule: its failing case. */
export interface DocumentedCase {
  /** The files that the findings stand in, by path. */
  readonly files: readonly (readonly [path: string, yaml: string])[];
  /** What `seamwright check` says of it. */
  readonly output: string;
}

/** Rules that were asked for and that no contract can decide, with what decides them instead. */
const elsewhere = [
  [
    'sync-in-transaction',
    'A contract does not say where the code of a service begins and ends a transaction; that shows only when the code runs. `sync-in-event-handler` judges the calls that a consumer declares.',
  ],
  [
    'no-foreign-database in code',
    'The rule of this name sees databases that contracts name. A connection string in the code of a service is invisible to it; keep one database account per service, so that the database refuses.',
  ],
  [
    'business logic in a frontend or repository',
    'Contracts show edges, ownership and `provides`, and the role rules judge those. What a function computes is for review.',
  ],
  [
    'a handler that is not idempotent',
    'The contract can only demand a key. Whether the handler keeps to it shows only when a message is delivered twice.',
  ],
  [
    'the size of what is really sent',
    '`payload-too-large` reads the bounds of the schema. A schema without bounds admits any size, and only the running producer knows the real one.',
  ],
] as const;

/**
 * The reference page of all rules, as Markdown. Pure: the same rules and cases give the same text.
 *
 * @param cases the failing case of each rule, by id
 */
export function rulesPage(rules: readonly Rule[], cases: ReadonlyMap<string, DocumentedCase>): string {
  return [
    ...introduction(rules),
    ...rules.flatMap((rule) => section(rule, cases.get(rule.id))),
    ...configuration(),
    ...undecided(),
    '',
  ].join('\n');
}

function introduction(rules: readonly Rule[]): readonly string[] {
  return [
    '# Rules of `seamwright check`',
    '',
    '<!-- Written from generator/check/rules and test/cases/check by generator/check/docs.ts. UPDATE_DOCS=1 npx vitest run test/check/docs.test.ts writes it anew. -->',
    '',
    'Each rule is one file in `generator/check/rules`. **error**: data is lost or corrupted, or what would be generated is wrong; `check` exits 1. **warning**: a practice of resilience is missing. **info**: advice.',
    '',
    'Severities are set in `seamwright.yaml`. A single finding is accepted with a reason, and until a day if it should not be forgotten:',
    '',
    '```yaml',
    'rules:',
    '  message-unversioned: error',
    '  sync-chain-depth: "off"',
    'accept:',
    '  - rule: sync-in-event-handler',
    '    subject: event:InvoiceCreated consumer:notification operation:getCustomer',
    '    reason: the mail service has no copy of customers yet',
    '    until: 2027-03-31',
    '```',
    '',
    '`subject` is the identity of a finding; `seamwright check --format json` prints it. Without a subject the entry accepts every finding of the rule.',
    '',
    '| rule | severity | what must hold |',
    '|---|---|---|',
    ...rules.map((rule) => `| [${rule.id}](#${rule.id}) | ${rule.severity} | ${rule.title} |`),
  ];
}

function section(rule: Rule, example: DocumentedCase | undefined): readonly string[] {
  const shown =
    example === undefined
      ? []
      : [
          ...example.files.flatMap(([path, yaml]) => ['', '```yaml', `# ${path}`, yaml.trimEnd(), '```']),
          '',
          '```text',
          example.output.trimEnd(),
          '```',
        ];
  return [
    '',
    `## ${rule.id}`,
    '',
    `**${rule.severity}** · ${rule.title}`,
    '',
    rule.why,
    '',
    `*Fix:* ${rule.fix}`,
    ...shown,
    '',
    `Requirements: ${rule.requirements.join(', ')}`,
  ];
}

function configuration(): readonly string[] {
  return [
    '',
    '## Findings about the configuration',
    '',
    ...Object.entries(configurationRules).map(([id, says]) => `- **${id}** (warning): ${says}`),
  ];
}

function undecided(): readonly string[] {
  return ['', '## What a contract cannot decide', '', ...elsewhere.map(([what, why]) => `- **${what}**: ${why}`)];
}
