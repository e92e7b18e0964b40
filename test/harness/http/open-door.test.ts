import { afterEach, describe, expect, it } from 'vitest';
import type { ScenarioResult } from '../../../harness/result.js';
import { loadSystem, type SystemUnderTest } from '../../../harness/system.js';
import { verifySimulated } from '../../../harness/verify-simulated.js';
import type { World } from '../../cli/world.js';
import { project, type Tree } from '../mixed/desk.js';
import { type Mutate, opensTheDoor } from './mutants.js';

/** pad gives notes to services that prove who they are. Nobody wrote down how it is put together. */
const notes: Tree = {
  'package.json': '{ "name": "notes", "type": "module", "imports": { "#generated/*": "./generated/*" } }',
  'contracts/desk/seamwright.yaml': 'seamwright: "1"\nsystem: desk\n',
  'contracts/desk/pad.json': JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Notes', version: '1.0.0' },
    security: [{ token: [] }],
    paths: {
      '/notes/{id}': {
        get: {
          operationId: 'getNote',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
          responses: { '204': { description: 'It is there.' }, '404': { description: 'There is none.' } },
        },
      },
    },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  }),
  'contracts/desk/feature.yaml': `name: notes
version: 1.0.0
openapi: { pad: ./pad.json }
services: [{ name: web }, { name: pad }]
http:
  - { from: web, to: pad, operations: [getNote] }
`,
  'services/desk/pad/operations.ts': `import { ProblemError } from 'seamwright/runtime';
export const padOperations = { getNote: async () => { throw new ProblemError(404); } };
`,
};

let world: World | undefined;
afterEach(() => world?.remove());

async function tried(system: SystemUnderTest, service: string, mutate?: Mutate): Promise<ScenarioResult | undefined> {
  const options = { level: 'sim', seed: 1, runs: 2, scenarios: ['wrong-caller'], keepPlans: false } as const;
  const { scenarios } = await verifySimulated(system, service, { ...options, ...(mutate && { mutate }) });
  return scenarios[0];
}

describe('whoever proves nothing is told so, and not what everybody else is told', { timeout: 60_000 }, () => {
  it('by a service that reads nothing for a made-up id, and writes nothing', async () => {
    const mesh = await loadSystem({ workspace: 'contracts/mesh', cwd: process.cwd() });
    expect(await tried(mesh, 'service-b')).toMatchObject({ status: 'passed' });
    const open = await tried(mesh, 'service-b', opensTheDoor('service-b'));
    expect(open).toMatchObject({
      ...{ status: 'failed', failure: { invariant: 'only-known-callers', actual: 404 } },
      reason: 'service-b.getItem answered a caller without credentials.',
    });
  });

  it('by a service that the harness has put together', async () => {
    world = await project(notes);
    const desk = await loadSystem({ workspace: world.path('contracts/desk'), cwd: world.cwd });
    expect(await tried(desk, 'pad')).toMatchObject({ status: 'passed' });
    expect(await tried(desk, 'pad', opensTheDoor('pad'))).toMatchObject({ status: 'failed' });
  });
});
