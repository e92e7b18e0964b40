import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { judge } from './judge.js';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'check-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function fixes(rule: string, files: Readonly<Record<string, string>>): Promise<readonly unknown[]> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return (await judge(dir)).filter((finding) => finding.rule === rule).map(({ severity, fix }) => ({ severity, fix }));
}

it('offers the name that is used more often, although nobody declares it either', async () => {
  const found = await fixes('service-unknown', {
    'services.yaml': 'services:\n  people: { version: 1.0.0, role: service }\n',
    'feature.yaml':
      'name: calls\nversion: 1.0.0\nhttp:\n  - { from: lending, to: people }\n  - { from: people, to: lending }\n  - { from: lendign, to: people }\n',
  });
  expect(found).toEqual([
    { severity: 'warning', fix: 'declare it in services.yaml: lending: { version: 1.0.0, role: service }.' },
    {
      severity: 'warning',
      fix: 'write "lending" if that was meant, or declare it in services.yaml: lendign: { version: 1.0.0, role: service }.',
    },
  ]);
});

const asyncapi = `asyncapi: 3.0.0
info: { title: Loans, version: 1.0.0 }
components:
  messages:
    LoanChanged:
      payload:
        type: object
        required: [id, status]
        properties: { id: { type: string }, status: { type: string } }
`;
const loans = (filter: string): string =>
  `name: loans\nversion: 1.0.0\nentities:\n  Loan:\n    owner: lending\n    event: LoanChanged\n    publish_when: ${filter}\n    consumers: [billing]\n`;

it.each([
  ["entityData.status != 'lost'", 1],
  ["entityData.stauts != 'lost'", 0],
  ["entityData.status = 'lost'", 0],
])('advises how to complete only a filter that is right so far: %s', async (filter, times) => {
  const found = await fixes('publish-filter-hides-exit', { 'asyncapi.yaml': asyncapi, 'feature.yaml': loans(filter) });
  expect(found).toHaveLength(times);
});

it('tells whose publishers lie outside how to go on', async () => {
  const found = await fixes('consumer-without-producer', {
    'asyncapi.yaml': `${asyncapi}channels: { loans: { address: loans, messages: { LoanChanged: { $ref: '#/components/messages/LoanChanged' } } } }
operations: { onLoan: { action: receive, channel: { $ref: '#/channels/loans' } } }
`,
    'feature.yaml': 'name: adopted\nversion: 1.0.0\nasyncapi: { billing: ./asyncapi.yaml }\n',
  });
  expect(found).toEqual([
    {
      severity: 'error',
      fix: expect.stringContaining('set rules: { consumer-without-producer: warning } in seamwright.yaml.'),
    },
  ]);
});
