import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { breakingCommand } from '../../generator/cli/commands/breaking.js';
import { generate } from '../../generator/cli/commands/generate.js';
import { ScratchRepository } from '../breaking/scratch-repository.js';
import { World } from '../cli/world.js';

const ROOT = join(import.meta.dirname, '../..');
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const source = ['-C', 'seamwright-source', '--import', tsx];

const release = `  /releases:
    post:
      operationId: releaseGoods
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [orderId], properties: { orderId: { type: string } } } } } }
      responses: { '204': { description: released } }
`;

/** What the shipped systems lack: commands and a saga. */
const desk: Readonly<Record<string, string>> = {
  'contracts/desk/seamwright.yaml': 'seamwright: "1"\nsystem: desk\n',
  'contracts/desk/checkout/feature.yaml': `name: checkout
version: 1.2.0
asyncapi: ./asyncapi.yaml
openapi: { stock: ./stock.openapi.yaml }
services: [{ name: shop, owner: team-shop }, { name: stock, owner: team-stock }, { name: mailer, owner: team-mail }]
commands:
  SendReceipt:
    sender: shop
    receiver: mailer
sagas:
  checkout:
    orchestrator: shop
    correlation_key: orderId
    timeout: 2m
    steps:
      - { stepId: reserve, service: stock, operationId: reserveGoods, idempotency_key: orderId, compensate: { operationId: releaseGoods } }
      - { stepId: receipt, send: SendReceipt, kind: retriable }
http:
  - { from: shop, to: stock, operations: [reserveGoods, releaseGoods] }
`,
  'contracts/desk/checkout/asyncapi.yaml': `asyncapi: 3.0.0
info: { title: Checkout, version: 1.2.0 }
channels:
  receipts: { address: mailer.receipt, messages: { SendReceipt: { $ref: '#/components/messages/SendReceipt' } } }
components:
  messages:
    SendReceipt:
      payload: { type: object, required: [orderId], properties: { orderId: { type: string } } }
`,
  'contracts/desk/checkout/stock.openapi.yaml': `openapi: 3.1.0
info: { title: Stock, version: 1.2.0 }
paths:
  /reservations:
    post:
      operationId: reserveGoods
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [orderId], properties: { orderId: { type: string } } } } } }
      responses: { '204': { description: reserved } }
${release}`,
};

/** A change of contracts, and what it is to come to. */
interface Edit {
  readonly name: string;
  readonly edits: readonly (readonly [path: string, before: string, after: string])[];
  readonly rule: string;
  readonly feature: string;
  /** Services that are hit, all of them. */
  readonly hits: readonly string[];
  /** Services in the order in which they ship, sorted within a tier. */
  readonly order: readonly (readonly string[])[];
  /** Of a break of a schema: who refuses, with which generated validator, made from which side. */
  readonly refused?: {
    readonly by: string;
    readonly side: 'old' | 'new';
    readonly system: string;
    readonly file: string;
    readonly validator: string;
  };
}

const employee = 'contracts/easyplatform/employee-sync';
const people = 'text-snippet-people';
const copies = ['text-snippet-insights', 'text-snippet-surveys'];

const breaks: readonly Edit[] = [
  {
    name: 'a field of an entity that is copied is removed',
    edits: [
      [`${employee}/asyncapi.yaml`, '        email: { type: string, format: email, maxLength: 254 }\n', ''],
      [`${employee}/asyncapi.yaml`, 'required: [id, fullName, email, companyId', 'required: [id, fullName, companyId'],
      [`${employee}/feature.yaml`, 'fields: [id, fullName, email, companyId', 'fields: [id, fullName, companyId'],
      [`${employee}/feature.yaml`, 'pii: [email, fullName]', 'pii: [fullName]'],
    ],
    rule: 'property-removed',
    feature: 'employee-sync',
    hits: copies,
    order: [copies, [people]],
    refused: {
      by: 'text-snippet-surveys',
      side: 'old',
      system: 'easyplatform',
      file: 'messages/EmployeeEntityEventBusMessage.validate.gen.js',
      validator: 'validateEmployeeEntityEventBusMessage',
    },
  },
  {
    name: 'an enum of an event gains a value',
    edits: [
      ['contracts/easyplatform/survey-sync/asyncapi.yaml', '[draft, open, closed]', '[draft, open, closed, archived]'],
    ],
    rule: 'enum-value-added',
    feature: 'survey-sync',
    hits: ['text-snippet-insights'],
    order: [['text-snippet-insights'], ['text-snippet-surveys']],
    refused: {
      by: 'text-snippet-insights',
      side: 'old',
      system: 'easyplatform',
      file: 'messages/SurveyEntityEventBusMessage.validate.gen.js',
      validator: 'validateSurveyEntityEventBusMessage',
    },
  },
  {
    name: 'a field of a request becomes required',
    edits: [
      [
        'contracts/dhanman/salary-posting/payroll.openapi.yaml',
        '      required: [employeeId, period, gross, net, currency]\n      properties:\n',
        '      required: [employeeId, period, gross, net, currency, note]\n      properties:\n        note: { type: string, maxLength: 20 }\n',
      ],
    ],
    rule: 'required-added',
    feature: 'salary-posting',
    hits: ['frontend'],
    order: [['frontend'], ['payroll']],
    refused: {
      by: 'payroll',
      side: 'new',
      system: 'dhanman',
      file: 'http/payroll.requests.gen.js',
      validator: 'validatePostSalaryRequest',
    },
  },
  {
    name: 'a pattern is narrowed',
    edits: [
      [
        'contracts/dhanman/salary-posting/asyncapi.yaml',
        "pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$'",
        "pattern: '^20[0-9]{2}-(0[1-9]|1[0-2])$'",
      ],
    ],
    rule: 'pattern-narrowed',
    feature: 'salary-posting',
    hits: ['common', 'notification'],
    order: [['payroll'], ['common', 'notification']],
    refused: {
      by: 'common',
      side: 'new',
      system: 'dhanman',
      file: 'messages/SalaryPostedEvent.validate.gen.js',
      validator: 'validateSalaryPostedEvent',
    },
  },
  {
    name: 'an entity gets another owner',
    edits: [[`${employee}/feature.yaml`, `    owner: ${people}\n`, '    owner: accounts\n']],
    rule: 'entity-owner-moved',
    feature: 'employee-sync',
    hits: ['accounts', 'text-snippet-insights', people, 'text-snippet-surveys'],
    order: [copies, ['accounts', people], ['accounts', people], copies],
  },
  {
    name: 'an event is put in order by another key',
    edits: [
      [
        'contracts/dhanman/purchase-order-approval/feature.yaml',
        'purpose: Ask the approvers.\n    ordering: { key: poId }',
        'purpose: Ask the approvers.\n    ordering: { key: vendorId }',
      ],
    ],
    rule: 'ordering-key-changed',
    feature: 'purchase-order-approval',
    hits: ['notification', 'purchase'],
    order: [['notification'], ['purchase'], ['purchase'], ['notification']],
  },
  {
    name: 'a command is no longer received by anybody',
    edits: [
      ['contracts/desk/checkout/feature.yaml', '  SendReceipt:\n    sender: shop\n    receiver: mailer\n', '  {}\n'],
    ],
    rule: 'command-removed',
    feature: 'checkout',
    hits: ['mailer', 'shop'],
    order: [['shop'], ['mailer']],
  },
  {
    name: 'a command gets another receiver',
    edits: [['contracts/desk/checkout/feature.yaml', 'receiver: mailer', 'receiver: stock']],
    rule: 'command-receiver-moved',
    feature: 'checkout',
    hits: ['mailer', 'shop', 'stock'],
    order: [['mailer', 'stock'], ['shop'], ['shop'], ['mailer', 'stock']],
  },
  {
    name: 'a range of a dependency is tightened',
    edits: [
      [
        `${employee}/feature.yaml`,
        'text-snippet-surveys: [{ accounts: ">=1.0.0 <2" }',
        'text-snippet-surveys: [{ accounts: ">=1.1.0 <2" }',
      ],
    ],
    rule: 'dependency-range-tightened',
    feature: 'employee-sync',
    hits: ['text-snippet-surveys'],
    order: [['text-snippet-surveys'], ['accounts'], ['accounts'], ['text-snippet-surveys']],
  },
  {
    name: 'a constant gets another value',
    edits: [
      ['contracts/dhanman/purchase-order-approval/feature.yaml', 'APPROVAL_LIMIT: 5000000', 'APPROVAL_LIMIT: 4000000'],
    ],
    rule: 'constant-changed',
    feature: 'purchase-order-approval',
    hits: ['common', 'frontend', 'notification', 'purchase'],
    order: [],
  },
  {
    name: 'a channel gets another address',
    edits: [
      [
        `${employee}/asyncapi.yaml`,
        `address: ${people}.employee.{crudAction}`,
        'address: people.employee.{crudAction}',
      ],
    ],
    rule: 'channel-address-changed',
    feature: 'employee-sync',
    hits: ['text-snippet-insights', people, 'text-snippet-surveys'],
    order: [copies, [people], [people], copies],
  },
  {
    name: 'an operation that a saga undoes a step with is removed',
    edits: [['contracts/desk/checkout/stock.openapi.yaml', release, '']],
    rule: 'operation-removed',
    feature: 'checkout',
    hits: ['shop'],
    order: [['shop'], ['stock']],
  },
];

interface Report {
  readonly findings: readonly {
    readonly rule: string;
    readonly verdict?: string;
    readonly features?: readonly string[];
    readonly file: string;
    readonly line: number;
    readonly affected?: readonly { readonly service: string; readonly team: string; readonly why: string }[];
    readonly counterexample?: unknown;
    readonly refusal?: { readonly at: string; readonly writtenBy: string };
  }[];
  readonly requiredBumps: readonly { readonly feature: string; readonly to: string }[];
  readonly deployOrder: readonly { readonly services: readonly string[] }[];
  readonly summary: Readonly<Record<string, number>>;
}

let repository: ScratchRepository;
const world = new World();

beforeAll(async () => {
  repository = new ScratchRepository();
  for (const system of ['easyplatform', 'dhanman'])
    cpSync(join(ROOT, 'contracts', system), repository.path(`contracts/${system}`), { recursive: true });
  mkdirSync(repository.path('node_modules'));
  symlinkSync(ROOT, repository.path('node_modules/seamwright'), 'junction');
  repository.write({
    ...desk,
    'package.json': '{ "type": "module" }\n',
    '.gitignore': 'node_modules\n.seamwright\nold\nnew\nservices\n',
  });
  repository.commit({}, 'base');
  repository.git('tag', 'base');
  for (const system of ['easyplatform', 'dhanman']) await generateInto('old', system);
});

afterAll(() => {
  repository.remove();
  world.remove();
});

async function seamwright(
  command: Parameters<World['run']>[0],
  exitCode: number,
  options: Record<string, unknown>,
  args: readonly string[] = [],
): Promise<string> {
  const ended = await world.run(command, options, args, { cwd: repository.dir, env: repository.env });
  expect(ended, `${world.text}${world.err.join('')}`).toBe(exitCode);
  return world.text;
}

async function generateInto(folder: string, system: string): Promise<void> {
  await seamwright(generate, 0, { out: `${folder}/${system}`, force: true }, [`contracts/${system}`]);
}

/** One commit on top of the base, compared with its parent. */
async function changed(edits: Edit['edits'], exitCode: number): Promise<Report> {
  repository.git('checkout', '--quiet', '--detach', 'base');
  for (const [path, before, after] of edits) {
    const text = repository.read(path);
    expect(text, `${path} does not hold ${before}`).toContain(before);
    expect(before).not.toBe('');
    repository.write({ [path]: text.replace(before, () => after) });
  }
  repository.commit({}, 'an edit');
  return JSON.parse(await seamwright(breakingCommand, exitCode, { against: 'HEAD~1', format: 'json' })) as Report;
}

/** What the generated validator says of a value: the paths and messages of its errors; none when it takes the value. */
function validated(file: string, validator: string, value: unknown): readonly string[] {
  const script = `
    const { ${validator} } = await import(${JSON.stringify(pathToFileURL(repository.path(file)).href)});
    const value = JSON.parse(process.env.VALUE);
    console.log(JSON.stringify(${validator}(value) ? [] : ${validator}.errors.map((error) => error.instancePath + ' ' + error.message)));`;
  const { stdout, stderr } = spawnSync(process.execPath, [...source, '--input-type=module', '--eval', script], {
    cwd: repository.dir,
    env: { ...repository.env, VALUE: JSON.stringify(value) },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as string[];
}

describe('one edit, one commit: what breaks, whom, in which order', () => {
  it.each(breaks.map((edit) => [edit.name, edit] as const))('%s', async (_, edit) => {
    const { findings, requiredBumps, deployOrder } = await changed(edit.edits, 1);
    const found = findings.filter(({ verdict }) => verdict === 'breaking');
    const mine = found.find(({ rule }) => rule === edit.rule);
    expect(found.map(({ rule }) => rule)).toContain(edit.rule);
    expect(mine?.features).toContain(edit.feature);
    expect(mine?.affected?.map(({ service }) => service).sort()).toEqual([...edit.hits].sort());
    for (const { team, why } of mine?.affected ?? []) expect([team, why]).not.toContain('');
    expect(requiredBumps.find(({ feature }) => feature === edit.feature)?.to).toBe('2.0.0');
    expect(deployOrder.map(({ services }) => [...services].sort())).toEqual(edit.order.map((tier) => [...tier].sort()));
    if (edit.refused === undefined) return;
    const { by, side, system, file, validator } = edit.refused;
    expect(mine?.refusal?.writtenBy).toBe(side === 'old' ? 'new' : 'old');
    await generateInto('new', system);
    const other = side === 'old' ? 'new' : 'old';
    const refusals = validated(`${side}/${system}/${file}`.replace(/js$/, 'ts'), validator, mine?.counterexample);
    expect(refusals.some((refusal) => refusal.startsWith(`${mine?.refusal?.at} `))).toBe(true);
    expect(validated(`${other}/${system}/${file}`.replace(/js$/, 'ts'), validator, mine?.counterexample)).toEqual([]);
    // The service that is named reads with this validator.
    const reads = readFileSync(
      repository.path(`${side}/${system}/${by}/${file.startsWith('http') ? 'server' : 'consumers'}.gen.ts`),
      'utf8',
    );
    expect(reads).toContain(file.startsWith('http') ? 'payroll' : validator.replace('validate', ''));
  });

  it.each([
    [
      'an optional field is added',
      [
        [
          `${employee}/asyncapi.yaml`,
          '        isActive: { type: boolean }\n',
          '        isActive: { type: boolean }\n        nickName: { type: string, maxLength: 50 }\n',
        ],
      ],
    ],
    [
      'keys are put in another order',
      [
        [
          `${employee}/asyncapi.yaml`,
          'fullName: { type: string, minLength: 1, maxLength: 200 }',
          'fullName: { maxLength: 200, minLength: 1, type: string }',
        ],
      ],
    ],
  ] as const)('%s: nothing breaks', async (_, edits) => {
    const { findings, summary } = await changed(edits, 0);
    expect(findings.filter(({ verdict }) => verdict === 'breaking' || verdict === 'unknown')).toEqual([]);
    expect(summary).toMatchObject({ errors: 0, breaking: 0, unknown: 0 });
  });
});

it('a break that was accepted passes, and its version follows', async () => {
  const [edit] = breaks.filter(({ rule }) => rule === 'constant-changed');
  expect(edit).toBeDefined();
  await changed(
    [
      ...(edit?.edits ?? []),
      [
        'contracts/dhanman/purchase-order-approval/feature.yaml',
        'version: 1.0.0\n',
        'version: 2.0.0\naccept_breaking: [{ change: constant-changed constant:APPROVAL_LIMIT, reason: decided by the board }]\n',
      ],
    ],
    0,
  );
});
