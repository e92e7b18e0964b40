import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readPlan } from '../../../harness/kept-plan.js';
import { verifyMixed } from '../../../harness/mixed/verify-mixed.js';
import { replay } from '../../../harness/replay.js';
import type { ScenarioResult } from '../../../harness/result.js';
import { revisionsOf, type Tree } from './desk.js';

/** What the operations of a revision say and do. */
interface Offer {
  readonly operations?: readonly string[];
  /** Required of whoever makes a note. */
  readonly required?: readonly string[];
  readonly moods?: readonly string[];
  /** Mood that the service gives a note. */
  readonly mood?: string;
}

const id = { type: 'string', format: 'uuid' };

/** web makes and reads notes at pad. */
function contracts({
  operations = ['createNote', 'getNote'],
  required = ['text'],
  moods = ['good'],
  mood = 'good',
}: Offer): Tree {
  const note = {
    type: 'object',
    required: ['id', 'mood'],
    properties: { id, mood: { type: 'string', enum: moods } },
  };
  const reply = (status: string) => ({
    [status]: { description: 'The note.', content: { 'application/json': { schema: note } } },
    '404': { description: 'There is none.' },
  });
  const written = { text: { type: 'string' }, title: { type: 'string' } };
  const body = { type: 'object', required, properties: written };
  const offered = (name: string, what: object) => (operations.includes(name) ? what : {});
  const document = {
    openapi: '3.1.0',
    info: { title: 'Notes', version: '1.0.0' },
    paths: {
      '/notes': offered('createNote', {
        post: {
          operationId: 'createNote',
          requestBody: { required: true, content: { 'application/json': { schema: body } } },
          responses: { ...reply('201'), '400': { description: 'Not so.' } },
        },
      }),
      '/notes/{id}': offered('getNote', {
        get: {
          operationId: 'getNote',
          parameters: [{ name: 'id', in: 'path', required: true, schema: id }],
          responses: reply('200'),
        },
      }),
    },
  };
  const code: Readonly<Record<string, string>> = {
    createNote: `createNote: async () => { kept.set('${made}', { id: '${made}', mood: '${mood}' }); return { status: 201, body: kept.get('${made}') }; },`,
    getNote: `getNote: async ({ path }) => { if (!kept.has(path.id)) throw new ProblemError(404); return { status: 200, body: kept.get(path.id) }; },`,
  };
  return {
    'package.json': '{ "name": "notes", "type": "module", "imports": { "#generated/*": "./generated/*" } }',
    'contracts/desk/seamwright.yaml': 'seamwright: "1"\nsystem: desk\n',
    'contracts/desk/pad.json': JSON.stringify(document),
    'contracts/desk/feature.yaml': `name: notes
version: 1.0.0
openapi: { pad: ./pad.json }
services: [{ name: web, role: frontend }, { name: pad }]
http:
  - { from: web, to: pad, operations: [${operations.join(', ')}] }
`,
    'services/desk/pad/operations.ts': `import { ProblemError } from 'seamwright/runtime';
export function padOperations() {
  const kept = new Map();
  return { ${operations.map((name) => code[name]).join('\n')} };
}
`,
  };
}

const made = '5ea30000-0000-4000-8000-000000000077';
const oldClient = 'calls: old web at new pad';
const newClient = 'calls: new web at old pad';

let remove = (): void => {};
afterEach(() => remove());

async function verified(before: Offer, after: Offer) {
  const revisions = await revisionsOf(contracts(before), contracts(after));
  remove = revisions.remove;
  const [result, ...others] = await verifyMixed(revisions, { seed: 1, runs: 2 });
  expect([result?.service, others]).toEqual(['pad', []]);
  return { revisions, scenarios: result?.scenarios ?? [] };
}

function statuses(scenarios: readonly ScenarioResult[]) {
  return Object.fromEntries(scenarios.map(({ targets = [], status }) => [targets[0]?.name, status]));
}

describe('calls between two revisions', { timeout: 60_000 }, () => {
  it('says of an edge that is as it was that both speak the same', async () => {
    const { scenarios } = await verified({}, {});
    expect(scenarios.map(({ status, reason }) => [status, reason])).toEqual([
      ['skipped', 'both revisions speak the same'],
      ['skipped', 'both revisions speak the same'],
    ]);
  });

  it('asks for the server first when a field need not be sent any more', async () => {
    const { scenarios } = await verified({ required: ['text', 'title'] }, {});
    expect(statuses(scenarios)).toEqual({ [oldClient]: 'passed', [newClient]: 'failed' });
  });

  it('asks for the client first when a request needs a new field, and writes a plan that shows it again', async () => {
    const { revisions, scenarios } = await verified({}, { required: ['text', 'title'] });
    expect(statuses(scenarios)).toEqual({ [oldClient]: 'failed', [newClient]: 'passed' });
    const [{ failure, replay: command } = {}] = scenarios;
    expect(failure?.sentence).toMatch(
      /^The new pad does not do createNote as the old web asks for it: pad\.createNote answered 400.*title.* Safe order: deploy web before pad, roll back pad before web\.$/,
    );
    expect(failure?.invariant).toBe('versions-understand-each-other');
    expect(failure?.shrunk.to).toEqual({ steps: 1, faults: 0 });
    expect(failure?.words.slice(0, 2)).toEqual(['old is main@1234567', 'old web calls new pad']);
    expect(failure?.timeline.some(({ broken }) => broken)).toBe(true);
    expect(command).toBe(`npx seamwright replay ${failure?.file}`);
    const plan = readPlan(readFileSync(join(revisions.new.project, failure?.file ?? ''), 'utf8'));
    if (typeof plan === 'string') throw new Error(plan);
    const again = await replay(revisions.new, plan, { system: revisions.old, name: 'main@1234567', asked: '1234567' });
    expect(again.diverged).toBeUndefined();
    expect(again.violations.map(({ invariant }) => invariant)).toEqual(['versions-understand-each-other']);
  });

  it('asks for the client first when an answer has a new value', async () => {
    const { scenarios } = await verified({}, { moods: ['good', 'bad'], mood: 'bad' });
    expect(statuses(scenarios)).toEqual({ [oldClient]: 'failed', [newClient]: 'passed' });
    expect(scenarios[0]?.failure?.sentence).toContain(
      'The old web cannot read what the new pad answers to createNote: "mood" must be equal to one of the allowed values',
    );
  });

  it('asks for the server first when an operation is added', async () => {
    const { scenarios } = await verified({ operations: ['createNote'] }, {});
    expect(statuses(scenarios)).toEqual({ [oldClient]: 'passed', [newClient]: 'failed' });
    expect(scenarios[1]?.failure?.sentence).toMatch(/getNote .* Safe order: deploy pad before web/);
  });
});
