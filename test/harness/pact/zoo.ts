import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createServer } from 'seamwright/runtime';
import type { PactFile } from '../../../generator/emit/pact/pact-file.js';
import { generateFiles } from '../../../generator/pipeline.js';
import type { StateHandlers } from '../../../harness/pact/provider/state-handlers.js';
import { verifyPacts } from '../../../harness/pact/verify-pacts.js';
import type { Subject } from '../../../harness/subject.js';
import { createValues } from '../../../harness/values.js';

const document = {
  openapi: '3.1.0',
  info: { title: 'zoo', version: '1.0.0' },
  paths: {
    '/animals/{animalId}': {
      get: {
        operationId: 'getAnimal',
        parameters: [{ name: 'animalId', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
        responses: {
          200: {
            description: 'one',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Animal' } } },
          },
          404: { description: 'none' },
        },
      },
    },
  },
  components: {
    schemas: {
      Animal: {
        type: 'object',
        required: ['id', 'nick'],
        properties: {
          id: { type: 'string', format: 'uuid' },
          nick: { type: ['string', 'null'] },
          legs: { type: 'integer' },
        },
      },
    },
  },
};

const feature = `name: looking
version: 1.0.0
openapi: { zoo: ./zoo.openapi.json }
services: [{ name: zoo }, { name: visitor }]
http:
  - { from: visitor, to: zoo, operations: [getAnimal], null_on: [404] }
`;

/** A provider with one operation, which answers whatever the test says, and the Pact file that its contract leads to. */
export interface Zoo {
  readonly folder: string;
  /** As it was generated. */
  readonly pact: PactFile;
  readonly model: Subject['model'];
  /** Puts another file in its place. */
  write(pact: unknown): string;
  /** Removes it. */
  forget(): void;
  subject(name: 'zoo' | 'visitor', answer?: (id: string) => object): Subject;
  verify(answer: (id: string) => object, states?: StateHandlers): ReturnType<typeof verifyPacts>;
  remove(): void;
}

export async function openZoo(): Promise<Zoo> {
  const folder = mkdtempSync(join(tmpdir(), 'zoo-'));
  writeFileSync(join(folder, 'zoo.openapi.json'), JSON.stringify(document));
  writeFileSync(join(folder, 'feature.yaml'), feature);
  const { files = [], model } = await generateFiles(folder, { cwd: folder, env: {}, today: '2026-01-01' });
  if (model === undefined) throw new Error('the zoo has no contract');
  const output = join(folder, 'out');
  for (const { base, path, content } of files.filter((file) => file.base === 'output')) {
    mkdirSync(dirname(join(folder, 'out', path)), { recursive: true });
    writeFileSync(join(folder, base === 'output' ? 'out' : base, path), content);
  }
  const path = join(output, 'pacts/visitor-zoo.json');
  const pact = JSON.parse(files.find((file) => file.path === 'pacts/visitor-zoo.json')?.content ?? '{}') as PactFile;
  const subject: Zoo['subject'] = (name, answer) => ({
    ...{ system: 'zoo', name, model, services: new Map() },
    values: createValues(
      model,
      () => undefined,
      () => true,
    ),
    code: {
      name,
      definition: {
        system: 'zoo',
        service: name,
        owned: {},
        publishes: {},
        copies: {},
        effects: [],
        topology: { exchanges: [], queues: [] },
      },
      ...(answer !== undefined && { create: () => created(answer) }),
    } as unknown as Subject['code'],
  });
  return {
    ...{ folder, pact, model, subject },
    write(other) {
      writeFileSync(path, JSON.stringify(other));
      return path;
    },
    forget: () => rmSync(path),
    verify: (answer, states = {}) => verifyPacts(subject('zoo', answer), { output, states, store: 'memory:' }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Nothing is checked on the way out, as in a service that somebody wrote by hand. */
function created(answer: (id: string) => object) {
  const operation = {
    ...{ name: 'getAnimal', method: 'GET', path: '/animals/{animalId}', security: [] },
    parameters: [{ name: 'animalId', in: 'path' as const, as: 'animalId', required: true, type: 'string' as const }],
    replies: [{ status: '200', content: [{ type: 'application/json', kind: 'json' as const }] }],
  };
  const handlers = {
    getAnimal: ({ path }: { readonly path: { readonly animalId: string } }) => ({
      status: 200,
      body: answer(path.animalId),
    }),
  };
  const server = createServer({ service: 'zoo', basePath: '', operations: [operation] }, handlers, {});
  return { service: { start: async () => {}, stop: async () => {} }, server };
}
