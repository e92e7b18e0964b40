import { afterEach, beforeEach, expect, it } from 'vitest';
import { schemaCompat } from '../../generator/cli/commands/schema-compat.js';
import { World } from './world.js';

let world: World;

beforeEach(() => {
  world = new World().write({
    'old.json': '{ "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } }',
    'new.yaml': 'type: object\nrequired: [a]\nproperties:\n  a:\n    type: string\n    maxLength: 3\n',
    'same.yaml':
      'properties: { a: { $ref: "#/$defs/Text" } }\nrequired: [a]\ntype: object\n$defs: { Text: { type: string } }\n',
  });
});

afterEach(() => world.remove());

const run = (args: readonly string[], options: Readonly<Record<string, unknown>> = {}): Promise<number> =>
  world.run(schemaCompat, options, args);
const json = (): {
  readonly verdict: string;
  readonly counterexample?: unknown;
  readonly findings: readonly unknown[];
} => JSON.parse(world.text);

it('exits 0 for a proof, whatever the form of the two schemas', async () => {
  expect(await run(['old.json', 'same.yaml'], { mode: 'full' })).toBe(0);
  expect(world.out).toEqual(['full: compatible']);
});

it('exits 1 with a counterexample, and names the place that refuses it', async () => {
  expect(await run(['old.json', 'new.yaml'])).toBe(1);
  expect(world.out[0]).toMatch(
    /^new\.yaml:6:16: error schema-incompatible: .*"\/a" must NOT have more than 3 characters/,
  );
  expect(await run(['old.json', 'new.yaml'], { format: 'json' })).toBe(1);
  expect(json()).toMatchObject({ mode: 'backward', verdict: 'incompatible', findings: [{ line: 6, column: 16 }] });
  expect(json().counterexample).toEqual({ a: expect.stringMatching(/^.{4}$/) });
});

it('asks the other way round with forward, and both ways with full', async () => {
  expect(await run(['old.json', 'new.yaml'], { mode: 'forward' })).toBe(0);
  expect(await run(['new.yaml', 'old.json'], { mode: 'forward', format: 'json' })).toBe(1);
  expect(json().counterexample).toBeDefined();
  expect(await run(['old.json', 'new.yaml'], { mode: 'full' })).toBe(1);
});

it('exits 3 when it is neither proven nor refuted', async () => {
  world.write({
    'odd.json': '{ "type": "string", "pattern": "(a)\\\\1" }',
    'odder.json': '{ "type": "string", "pattern": "(?:aa)" }',
  });
  expect(await run(['odd.json', 'odder.json'], { format: 'json' })).toBe(3);
  expect(json()).toMatchObject({ verdict: 'unknown', findings: [{ rule: 'schema-unproven', severity: 'warning' }] });
  expect(json()).not.toHaveProperty('counterexample');
});

it('lets a tolerant reader meet a writer that sends what it declares', async () => {
  world.write({
    'before.json': '{ "type": "object", "properties": { "a": { "type": "string" } } }',
    'after.json': '{ "type": "object", "properties": { "a": { "type": "string" }, "b": { "type": "integer" } } }',
  });
  expect(await run(['before.json', 'after.json'], { mode: 'full' })).toBe(1);
  expect(await run(['before.json', 'after.json'], { mode: 'full', content: 'tolerant' })).toBe(0);
});

it('reads a schema out of a document, and the files that it refers to', async () => {
  world.write({
    'one.yaml':
      "openapi: 3.0.3\ninfo: { title: t, version: '1' }\npaths: {}\ncomponents:\n  schemas:\n    A: { type: object, properties: { n: { $ref: './common.yaml#/Number' } } }\n",
    'two.yaml':
      "asyncapi: 3.0.0\ninfo: { title: t, version: '1' }\ncomponents:\n  schemas:\n    A: { type: object, properties: { n: { type: [integer, 'null'] } } }\n",
    'common.yaml': 'Number: { type: integer, nullable: true }\n',
  });
  const [one, two] = ['one.yaml#/components/schemas/A', 'two.yaml#/components/schemas/A'];
  expect(await run([one, two], { mode: 'full' })).toBe(0);
  world.write({ 'common.yaml': 'Number: { type: number, nullable: true }\n' });
  expect(await run([one, two], { format: 'json' })).toBe(1);
  expect(json().counterexample).toEqual({ n: expect.any(Number) });
});

it('says what is wrong with its arguments, and exits 2', async () => {
  expect(await run(['old.json', 'gone.json'])).toBe(2);
  expect(world.text).toContain('"gone.json" does not exist');
  expect(await run(['old.json#/properties/x', 'new.yaml'])).toBe(2);
  expect(world.err.join()).toContain('there is no "x" on the way');
  expect(await run(['old.json'])).toBe(2);
  expect(world.err.join()).toContain('the new schema is missing');
  expect(await run(['old.json', 'new.yaml'], { mode: 'sideways' })).toBe(2);
  expect(world.err.join()).toContain('"sideways"');
  expect(await run(['old.json', 'new.yaml'], { dialect: 'draft-99' })).toBe(2);
  world.write({ 'whole.yaml': "openapi: 3.1.0\ninfo: { title: t, version: '1' }\npaths: {}\n" });
  expect(await run(['whole.yaml', 'new.yaml'])).toBe(2);
  expect(world.err.join()).toContain('whole.yaml#/components/schemas/NAME');
});

it('answers a line for each line of a batch, also after a bad one', async () => {
  const lines = [
    { id: 'narrowed', old: { type: 'number' }, new: { type: 'integer' } },
    { id: 'widened', old: { type: 'integer' }, new: { type: 'number' } },
    { id: 'both', old: { type: 'integer' }, new: { type: 'number' }, mode: 'full' },
    { id: 'draft', old: { prefixItems: [false] }, new: { maxItems: 0 }, dialect: 'draft7' },
    { id: 'bad', old: 5, new: true },
    { id: 'open', old: { properties: {} }, new: { properties: { a: false } }, content: 'tolerant' },
  ];
  world.write({ 'pairs.jsonl': `${lines.map((line) => JSON.stringify(line)).join('\n')}\n\nnot json\n` });
  expect(await run([], { batch: 'pairs.jsonl' })).toBe(2);
  const answers = world.out.map((line) => JSON.parse(line));
  expect(answers.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['narrowed', 'incompatible'],
    ['widened', 'compatible'],
    ['both', 'incompatible'],
    ['draft', 'incompatible'],
    ['bad', undefined],
    ['open', 'incompatible'],
    [null, undefined],
  ]);
  expect(answers[0].counterexample % 1).not.toBe(0);
  expect(answers[4].error).toContain('"old"');
});

it('exits with the worst of a batch', async () => {
  const batch = async (...pairs: readonly (readonly [unknown, unknown])[]): Promise<number> => {
    world.write({ 'pairs.jsonl': pairs.map(([old, next]) => JSON.stringify({ id: 1, old, new: next })).join('\n') });
    return run([], { batch: 'pairs.jsonl' });
  };
  const unknown = [{ pattern: '(a)\\1' }, { type: 'string', pattern: '^(?!b)' }] as const;
  expect(await batch([false, true])).toBe(0);
  expect(await batch([false, true], [true, false])).toBe(1);
  expect(await batch([{ pattern: '(a)\\1', type: 'string' }, { pattern: '(?:aa)' }])).toBe(3);
  expect(await batch(unknown, [true, false])).toBe(1);
  expect(await run([], { batch: 'nowhere.jsonl' })).toBe(2);
  expect(world.err.join()).toContain('cannot be read');
});
