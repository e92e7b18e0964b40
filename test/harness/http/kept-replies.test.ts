import { afterEach, expect, it } from 'vitest';
import type { ScenarioResult } from '../../../harness/result.js';
import { loadSystem } from '../../../harness/system.js';
import { verifySimulated } from '../../../harness/verify-simulated.js';
import type { World } from '../../cli/world.js';
import { project, type Tree, uuid } from '../mixed/desk.js';

/** pad keeps a note for whoever asks, once per key. */
const tree: Tree = {
  'package.json': '{ "name": "notes", "type": "module", "imports": { "#generated/*": "./generated/*" } }',
  'contracts/desk/seamwright.yaml': 'seamwright: "1"\nsystem: desk\n',
  'contracts/desk/asyncapi.json': JSON.stringify({
    asyncapi: '3.0.0',
    info: { title: 'Notes', version: '1.0.0' },
    channels: {
      notes: { address: 'pad.note', messages: { NoteChanged: { $ref: '#/components/messages/NoteChanged' } } },
    },
    components: {
      messages: { NoteChanged: { payload: { type: 'object', required: ['id'], properties: { id: uuid } } } },
    },
  }),
  'contracts/desk/pad.json': JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Notes', version: '1.0.0' },
    paths: {
      '/notes': {
        post: {
          operationId: 'createNote',
          parameters: [{ name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string' } }],
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { type: 'object', required: ['id'], properties: { id: uuid } } } },
          },
          responses: { '204': { description: 'It is kept.' } },
        },
      },
    },
  }),
  'contracts/desk/feature.yaml': `name: notes
version: 1.0.0
asyncapi: ./asyncapi.json
openapi: { pad: ./pad.json }
services: [{ name: web, role: frontend }, { name: pad }, { name: shelf }]
entities:
  Note: { owner: pad, event: NoteChanged, consumers: [shelf] }
http:
  - { from: web, to: pad, operations: [createNote] }
`,
  'services/desk/pad/operations.ts': `export const padOperations = {
  createNote: ({ body, once }) => once(async (tx) => { await tx.Note.save({ id: body.id }); return { status: 204 }; }),
};
`,
};

let world: World | undefined;
afterEach(() => world?.remove());

it('finds out a server that forgets its answers before their time', { timeout: 60_000 }, async () => {
  world = await project(tree);
  const desk = await loadSystem({ workspace: world.path('contracts/desk'), cwd: world.cwd });
  const options = { level: 'sim', seed: 1, runs: 2, scenarios: ['replay-after-ttl'], keepPlans: false } as const;
  const tried = async (keepRepliesMs?: number): Promise<ScenarioResult | undefined> => {
    const { scenarios } = await verifySimulated(desk, 'pad', {
      ...options,
      mutate: (create) => (given) => create({ ...given, ...(keepRepliesMs !== undefined && { keepRepliesMs }) }),
    });
    return scenarios[0];
  };
  expect(await tried()).toMatchObject({ status: 'passed', schedules: 2 });
  expect(await tried(200_000)).toMatchObject({ status: 'failed', failure: { invariant: 'effect-once-per-call' } });
});
