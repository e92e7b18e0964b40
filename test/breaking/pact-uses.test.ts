import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { breaking } from '../../generator/breaking.js';
import { readPactUses } from '../../generator/load/pacts.js';

/** An owner that tells, and answers with, an optional phone; `phone` says whether it still does. */
function contracts(root: string, phone: boolean): void {
  const person = {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'string' }, ...(phone && { phone: { type: 'string' } }) },
  };
  const asyncapi = {
    asyncapi: '3.0.0',
    info: { title: 'people', version: '1.0.0' },
    channels: {
      people: { address: 'people', messages: { PersonChanged: { $ref: '#/components/messages/PersonChanged' } } },
    },
    components: { messages: { PersonChanged: { payload: person } } },
  };
  const openapi = {
    openapi: '3.1.0',
    info: { title: 'people', version: '1.0.0' },
    paths: {
      '/people/{id}': {
        get: {
          operationId: 'getPerson',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { 200: { description: 'it', content: { 'application/json': { schema: person } } } },
        },
      },
    },
  };
  const feature = `name: people-sync
version: 1.0.0
asyncapi: ./asyncapi.json
openapi: { people: ./people.openapi.json }
services: [{ name: people }, { name: surveys, owner: team-insight }, { name: mail }]
entities:
  Person: { owner: people, event: PersonChanged, consumers: [{ service: surveys, fields: [id] }] }
http:
  - { from: mail, to: people, operations: [getPerson] }
`;
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'asyncapi.json'), JSON.stringify(asyncapi));
  writeFileSync(join(root, 'people.openapi.json'), JSON.stringify(openapi));
  writeFileSync(join(root, 'feature.yaml'), feature);
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const message = (description: string) => ({
  type: 'Asynchronous/Messages',
  description,
  contents: { contentType: 'application/json', content: { id: '1', phone: '+1' } },
});
const request = (path: string, status: number) => ({
  type: 'Synchronous/HTTP',
  description: 'a person',
  request: { method: 'GET', path },
  response: { status, body: { contentType: 'application/json', content: { id: '1', phone: '+1' } } },
});

/** Services that the lost phone breaks, with the reason, when consumers have put these Pact files beside the contracts. */
async function hit(pacts: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), 'seamwright-uses-'));
  folders.push(root);
  contracts(join(root, 'before'), true);
  contracts(join(root, 'after'), false);
  mkdirSync(join(root, 'after', 'pacts'));
  for (const [name, pact] of Object.entries(pacts))
    writeFileSync(join(root, 'after', 'pacts', name), typeof pact === 'string' ? pact : JSON.stringify(pact));
  const options = { cwd: root, env: {}, today: '2026-01-01', against: join(root, 'before') };
  const { comparisons } = await breaking([join(root, 'after')], options);
  return comparisons.flatMap(({ impact }) =>
    (impact?.judgements ?? [])
      .filter(({ rule, verdict }) => rule === 'property-removed' && verdict === 'breaking')
      .flatMap(({ affected, subject }) =>
        affected.filter(({ why }) => /Pact/.test(why)).map(({ service, why }) => `${subject}: ${service}, ${why}`),
      ),
  );
}

describe('what consumers read in Pact files of their own', () => {
  it('is nothing without such files', async () => {
    expect(await hit({})).toEqual([]);
  });

  it('breaks the consumer of a message whose file reads what goes', async () => {
    const pact = {
      consumer: { name: 'surveys' },
      provider: { name: 'people' },
      interactions: [message('a PersonChanged with a phone')],
    };
    expect(await hit({ 'surveys-people.json': pact })).toEqual([
      'message:PersonChanged: surveys, its Pact file reads "phone"',
    ]);
  });

  it('breaks the caller of an operation whose file reads what goes', async () => {
    const pact = {
      consumer: { name: 'mail' },
      provider: { name: 'people' },
      interactions: [request('/people/42', 200)],
    };
    expect(await hit({ 'mail-people.json': pact })).toEqual([
      'operation:people.getPerson response:200: mail, its Pact file reads "phone"',
    ]);
  });

  it.each<[string, unknown]>([
    [
      'another message',
      { consumer: { name: 'surveys' }, provider: { name: 'people' }, interactions: [message('PersonMoved')] },
    ],
    [
      'another path',
      { consumer: { name: 'mail' }, provider: { name: 'people' }, interactions: [request('/people/42/pets', 200)] },
    ],
    [
      'another status',
      { consumer: { name: 'mail' }, provider: { name: 'people' }, interactions: [request('/people/42', 404)] },
    ],
    [
      'somebody who does not read it',
      { consumer: { name: 'people' }, provider: { name: 'people' }, interactions: [message('PersonChanged')] },
    ],
    ['no Pact file', 'not even JSON'],
  ])('says nothing of %s', async (_, pact) => {
    expect(await hit({ 'a.json': pact })).toEqual([]);
  });

  it('are read from folders named pacts only, never from what was generated', () => {
    const root = mkdtempSync(join(tmpdir(), 'seamwright-uses-'));
    folders.push(root);
    const pact = JSON.stringify({ consumer: { name: 'a' }, provider: { name: 'b' }, interactions: [message('M')] });
    for (const folder of ['generated/pacts', 'elsewhere', 'team/pacts']) {
      mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(join(root, folder, 'a-b.json'), pact);
    }
    expect(readPactUses(root)).toHaveLength(1);
    expect(readPactUses(root)[0]?.fields).toEqual(['id', 'phone']);
  });
});
