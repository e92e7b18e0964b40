import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpInteraction, MessageInteraction, PactFile, Rule } from '../../generator/emit/pact/pact-file.js';
import { generateFiles } from '../../generator/pipeline.js';

const root = join(import.meta.dirname, '../..');
const systems = ['easyplatform', 'dhanman', 'mesh', 'tools-dashboard'];

async function pactsOf(dir: string): Promise<ReadonlyMap<string, PactFile>> {
  const { files = [], findings } = await generateFiles(dir, { cwd: root, env: {}, today: '2026-01-01' });
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const own = files.filter(({ path }) => path.startsWith('pacts/'));
  return new Map(own.map(({ path, content }) => [path.slice('pacts/'.length), JSON.parse(content) as PactFile]));
}

describe.each(systems)('pacts of %s', (system) => {
  let pacts: ReadonlyMap<string, PactFile>;
  beforeAll(async () => {
    pacts = await pactsOf(join(root, 'contracts', system));
  }, 60_000);

  it('are one file for each pair, with interactions in each and nothing pending', () => {
    expect(pacts.size).toBeGreaterThan(0);
    for (const [path, { consumer, provider, interactions, metadata }] of pacts) {
      expect(path).toBe(`${consumer.name}-${provider.name}.json`);
      expect(interactions.length).toBeGreaterThan(0);
      expect(metadata.pactSpecification.version).toBe('4.0');
      expect(interactions.filter(({ pending }) => pending)).toEqual([]);
      for (const names of [interactions.map(({ key }) => key), interactions.map(({ description }) => description)])
        expect(new Set(names).size).toBe(names.length);
    }
  });

  it('have no rule without a value', () => {
    for (const { interactions } of pacts.values()) {
      for (const each of interactions) {
        const parts = 'request' in each ? [each.request, each.response] : [{ ...each, body: each.contents }];
        for (const { body, matchingRules } of parts) {
          for (const path of Object.keys(matchingRules?.body ?? {}))
            expect(valueAt(body?.content, path), path).not.toBe(undefined);
        }
      }
    }
  });
});

/** The first value at a path such as `$.items[*].id`. */
function valueAt(value: unknown, path: string): unknown {
  const steps = path.slice(1).match(/\.\w+|\[\*\]|\[\d+\]|\['[^']+'\]/g) ?? [];
  return steps.reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    if (step === '[*]') return Reflect.get(inner, 0);
    return Reflect.get(inner, step.replace(/^\.|^\['?|'?\]$/g, ''));
  }, value);
}

const document = {
  openapi: '3.1.0',
  info: { title: 'zoo', version: '1.0.0' },
  paths: {
    '/animals/{animalId}': {
      get: {
        operationId: 'getAnimal',
        'x-provider-state': { 404: 'the cage is empty' },
        parameters: [{ name: 'animalId', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
        responses: {
          200: {
            description: 'one',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Animal' } } },
          },
          404: { description: 'none' },
          503: { description: 'later' },
        },
      },
    },
  },
  components: {
    schemas: {
      Animal: {
        type: 'object',
        required: ['id', 'kind', 'nick', 'born', 'tags', 'looks'],
        properties: {
          id: { type: 'string', format: 'uuid' },
          kind: { enum: ['cat', 'dog', 'b.d'] },
          nick: { type: ['string', 'null'] },
          born: { type: 'string', format: 'date-time' },
          legs: { type: 'integer' },
          tags: { type: 'array', items: { type: 'string' } },
          looks: { oneOf: [{ $ref: '#/components/schemas/Fur' }, { $ref: '#/components/schemas/Feathers' }] },
        },
      },
      Fur: { type: 'object', required: ['fur'], properties: { fur: { type: 'string' } } },
      Feathers: {
        type: 'object',
        required: ['feathers'],
        properties: { feathers: { type: 'number' }, span: { type: 'number' } },
      },
    },
  },
};

describe('what a schema becomes', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pacts-'));
  let interactions: readonly HttpInteraction[];
  beforeAll(async () => {
    writeFileSync(join(dir, 'zoo.openapi.json'), JSON.stringify(document));
    writeFileSync(
      join(dir, 'feature.yaml'),
      'name: looking\nversion: 1.0.0\nopenapi: { zoo: ./zoo.openapi.json }\nservices: [{ name: zoo }, { name: visitor }]\nhttp:\n  - { from: visitor, to: zoo, operations: [getAnimal] }\n',
    );
    const pact = (await pactsOf(dir)).get('visitor-zoo.json');
    interactions = (pact?.interactions ?? []) as readonly HttpInteraction[];
  }, 60_000);
  afterAll(() => rmSync(dir, { recursive: true }));

  const named = (description: string) => interactions.find((each) => each.description === description);
  const rule = (path: string): Rule | undefined => named('getAnimal answers 200')?.response.matchingRules?.body?.[path];

  it('is an interaction with what must be there, one with everything, and one for each alternative', () => {
    expect(interactions.map(({ description }) => description)).toEqual([
      'getAnimal answers 200',
      'getAnimal answers 200, with everything optional',
      'getAnimal answers 200, as Feathers',
      'getAnimal answers 404',
    ]);
    const bodies = interactions.map(({ response }) => response.body?.content as Record<string, unknown> | undefined);
    expect(bodies.map((body) => body && Object.hasOwn(body, 'legs'))).toEqual([false, true, true, undefined]);
    expect(bodies.map((body) => body && Object.keys(body.looks as object))).toEqual([
      ['fur'],
      ['fur'],
      ['feathers', 'span'],
      undefined,
    ]);
  });

  it('has a matcher for each kind of value', () => {
    expect(rule('$.kind')?.matchers).toEqual([{ match: 'regex', regex: '^(cat|dog|b\\.d)$' }]);
    expect(rule('$.nick')).toEqual({ combine: 'OR', matchers: [{ match: 'type' }, { match: 'null' }] });
    expect(rule('$.tags')?.matchers).toEqual([{ match: 'type', min: 0 }]);
    expect(rule('$.tags[*]')?.matchers).toEqual([{ match: 'type' }]);
    const [born] = rule('$.born')?.matchers ?? [];
    for (const [text, fits] of [
      ['2026-11-20T10:00:00Z', true],
      ['2026-11-20T10:00:00.123456+02:00', true],
      ['2026-11-20T10:00:00', false],
      ['2026-11-20', false],
    ] as const)
      expect(new RegExp(String(born?.regex)).test(text), text).toBe(fits);
  });

  it('names the states, and lets them decide which thing is asked for', () => {
    const [first] = interactions;
    const body = first?.response.body?.content as { readonly id: string };
    expect(first?.providerStates).toEqual([{ name: 'animal exists', params: { animalId: body.id } }]);
    expect(first?.request.path).toBe(`/animals/${body.id}`);
    expect(first?.request.generators?.path?.expression).toBe(['/animals/$', '{animalId}'].join(''));
    expect(named('getAnimal answers 404')?.providerStates[0]?.name).toBe('the cage is empty');
  });
});

describe('a message', () => {
  it('is one that its consumer acts on', async () => {
    const pact = (await pactsOf(join(root, 'contracts/easyplatform'))).get(
      'text-snippet-people-text-snippet-hiring.json',
    );
    const messages = (pact?.interactions ?? []).filter((each): each is MessageInteraction => 'contents' in each);
    expect(messages.length).toBeGreaterThan(0);
    for (const { contents } of messages) expect(contents.content).toMatchObject({ entityData: { status: 'hired' } });
  }, 60_000);
});
