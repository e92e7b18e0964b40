import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { generateFiles } from '../../generator/pipeline.js';
import { ProblemError } from '../../runtime/http/problem.js';
import type { HttpServer } from '../../runtime/http/server.js';
import type { ServerOptions } from '../../runtime/http/server-options.js';
import type { Logger } from '../../runtime/log.js';
import { ask } from './http-fuzz/ask.js';
import { type Judged, readContract } from './http-fuzz/contract.js';
import { dice } from './http-fuzz/dice.js';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const output = join(root, `.seamwright/test-fuzz-${process.pid}`);
/** All suites together; `npm run fuzz` asks for a hundred thousand. */
const total = Number(process.env.SEAMWRIGHT_FUZZ_REQUESTS ?? 6_000);
const seed = Number(process.env.SEAMWRIGHT_SEED ?? 20_261_120);

type Create = (handlers: object, options: ServerOptions) => HttpServer;

/** A generated server and the documents that it has to keep. */
interface Subject {
  readonly name: string;
  readonly documents: readonly string[];
  create(): Promise<Create>;
}

const worked = (system: string, service: string, create: string, ...documents: readonly string[]): Subject => ({
  name: `${system} ${service}`,
  documents: documents.map((path) => join(root, 'contracts', system, path)),
  create: async () => (await import(join(root, 'generated', system, service, 'server.gen.ts')))[create],
});

/** Contracts made to break code: see the folder of that name. */
const hostile = (name: string, create: string): Subject => ({
  name: `hostile ${name}`,
  documents: [join(here, 'http-fuzz', name, `${name}.openapi.yaml`)],
  async create() {
    const contracts = join(here, 'http-fuzz', name);
    const { files } = await generateFiles(contracts, { cwd: contracts, env: {}, today: '2026-01-01' });
    for (const { base, path, content } of files ?? []) {
      if (base !== 'output') continue;
      const file = join(output, name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return (await import(join(output, name, `${name}/server.gen.ts`)))[create];
  },
});

const subjects: readonly Subject[] = [
  worked(
    'dhanman',
    'common',
    'createCommonServer',
    'user-sync/common.openapi.yaml',
    'invoice-creation/common.openapi.yaml',
  ),
  worked('dhanman', 'sales', 'createSalesServer', 'invoice-creation/sales.openapi.yaml'),
  worked(
    'dhanman',
    'purchase',
    'createPurchaseServer',
    'purchase-order-approval/purchase.openapi.yaml',
    'bill-posting/purchase.openapi.yaml',
  ),
  worked('dhanman', 'payroll', 'createPayrollServer', 'salary-posting/payroll.openapi.yaml'),
  worked(
    'easyplatform',
    'accounts',
    'createAccountsServer',
    'user-sync/accounts.openapi.yaml',
    'company-sync/accounts.openapi.yaml',
    'account-lookup/accounts.openapi.yaml',
  ),
  worked(
    'easyplatform',
    'text-snippet-people',
    'createTextSnippetPeopleServer',
    'employee-sync/text-snippet-people.openapi.yaml',
  ),
  worked(
    'easyplatform',
    'text-snippet-hiring',
    'createTextSnippetHiringServer',
    'candidate-hire/text-snippet-hiring.openapi.yaml',
  ),
  worked(
    'easyplatform',
    'text-snippet-surveys',
    'createTextSnippetSurveysServer',
    'survey-sync/text-snippet-surveys.openapi.yaml',
  ),
  hostile('names', 'createNamesServer'),
  hostile('schemas', 'createSchemasServer'),
  hostile('parameters', 'createParametersServer'),
];

interface Call {
  readonly body?: unknown;
  readonly content?: { readonly contentType: string; readonly value: unknown };
}

afterAll(() => rmSync(output, { recursive: true, force: true }));

describe('requests that nobody expects', () => {
  it.each(subjects)(
    '$name answers none with 500 and hands no invalid body to a handler',
    { timeout: 600_000 },
    async (subject) => {
      const operations = subject.documents.flatMap(readContract);
      const reached: string[] = [];
      const wrong: unknown[] = [];
      const handlers = new Proxy(
        {},
        {
          get: (_, property) => (call: Call) => {
            // A reserved word gets an underscore.
            const name = String(property).replace(/_$/, '');
            const operation = operations.find(({ id }) => id === name);
            reached.push(name);
            if (operation !== undefined && !isAllowed(operation, call)) wrong.push([name, call.body ?? call.content]);
            throw new ProblemError(418);
          },
        },
      );
      const failures: unknown[] = [];
      const note = (facts: object, message: string) => void failures.push([message, facts]);
      const log: Logger = { debug: () => {}, info: () => {}, warn: note, error: note };
      const server = (await subject.create())(handlers, { authenticate: 'none', log, bodyMaxBytes: 20_000 });
      const chance = dice(seed);
      const statuses = new Map<number, number>();
      const count = Math.ceil(total / subjects.length);
      for (let index = 0; index < count; index++) {
        const { status } = await server.fetch(ask(chance.pick(operations), server.basePath, chance));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status >= 500 && status !== 504) failures.push([index, status]);
      }
      if (process.env.SEAMWRIGHT_FUZZ_REQUESTS !== undefined)
        console.info(
          `${subject.name}: ${count} requests, ${reached.length} reached a handler, statuses ${JSON.stringify(Object.fromEntries(statuses))}`,
        );
      expect({ failures: failures.slice(0, 3), wrong: wrong.slice(0, 3) }).toEqual({ failures: [], wrong: [] });
      // Otherwise nothing was tested: many have to pass, and many not, and each operation has to be reached.
      expect(reached.length).toBeGreaterThan(count / 20);
      expect(reached.length).toBeLessThan(count * 0.95);
      expect([...new Set(reached)].sort()).toEqual(operations.map(({ id }) => id).sort());
    },
  );
});

/** By a validator that was compiled from the document itself, not by the generated one. */
function isAllowed({ bodies }: Judged, { body, content }: Call): boolean {
  const types = Object.keys(bodies);
  if (types.length === 0) return body === undefined && content === undefined;
  const type = content?.contentType ?? types[0] ?? '';
  const value = content === undefined ? body : content.value;
  if (value === undefined) return true;
  if (value instanceof Uint8Array || value instanceof FormData) return !type.endsWith('json');
  return bodies[type]?.isValid(value) === true;
}
