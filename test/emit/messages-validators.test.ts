import fc from 'fast-check';
import { formatErrors } from 'seamwright/runtime/validation';
import { describe, expect, it } from 'vitest';
import { compileSchema } from '../../generator/schema/ajv.js';
import { exampleOf } from '../../generator/schema/example.js';
import { loadValidators } from './messages/load.js';
import { components, payloads } from './messages/nasty.js';
import { catalogueMessages, generate, modelOf, type Schemas } from './messages/plan.js';
import { schemaArbitrary } from './messages/schemas.js';

/** Near misses of a valid value: every part left out, or replaced by something else. */
function* mutants(value: unknown): Generator<unknown> {
  yield value;
  for (const other of [null, 'x', 7, true, [], {}]) yield other;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const rest = Object.entries(value).filter(([other]) => other !== key);
    if (Array.isArray(value)) continue;
    yield Object.fromEntries(rest);
    for (const other of [null, 'x', 7]) yield Object.fromEntries([...rest, [key, other]]);
    for (const inner of mutants((value as Record<string, unknown>)[key]))
      yield Object.fromEntries([...rest, [key, inner]]);
  }
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) for (const inner of mutants(item)) yield value.with(index, inner);
}

/** Loads the generated validators and compares each with Ajv on the schema as it was written. */
async function disagreements(
  messages: Schemas,
  shared: Schemas,
): Promise<{ readonly wrong: readonly unknown[]; readonly judged: number }> {
  const model = modelOf(messages, shared);
  const { text, types } = await generate(model);
  const validators = await loadValidators(text);
  const { graph } = catalogueMessages(model);
  const wrong: unknown[] = [];
  let judged = 0;
  for (const [name, schema] of Object.entries(messages)) {
    const validate = validators.get(types.message(name)?.typeName ?? '');
    const id = graph.roots.get(name);
    if (!validate || id === undefined) throw new Error(`"${name}" has no validator`);
    const original = compileSchema(
      { components: { schemas: shared }, ...(schema as object) },
      { dialect: '2020-12', allErrors: false },
    );
    for (let seed = 1; seed <= 3; seed++) {
      const example = exampleOf(graph, id, { seed, extras: true });
      for (const value of mutants(example.ok ? example.value : {})) {
        judged++;
        const expected = original(value).length === 0;
        if (validate(value) !== expected) wrong.push({ name, schema, value, expected, errors: validate.errors });
      }
    }
  }
  return { wrong, judged };
}

describe('a generated validator', () => {
  it('agrees with Ajv on the schema as written, whatever the schema', async () => {
    const messages = Object.fromEntries(
      fc
        .sample(schemaArbitrary(['A', 'B', 'C']), { numRuns: 250, seed: 21 })
        .filter((schema) => typeof schema === 'object')
        .map((schema, index) => [`M${index}`, schema]),
    );
    const [A, B, C] = fc.sample(schemaArbitrary(['A', 'B', 'C']), { numRuns: 3, seed: 23 });
    const { wrong, judged } = await disagreements(messages, { A, B, C });
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(judged).toBeGreaterThan(10_000);
  });

  it('agrees with Ajv on schemas that break generators', async () => {
    // What Ajv itself gets wrong or cannot read: inherited property names, forms of draft-04, schemas read as objects because their author meant so.
    const beyond = [
      'Inherited',
      'InheritedRequired',
      'Draft4',
      'Unresolved',
      'Untyped',
      'UntypedRequired',
      'Tuple',
      'Nullable',
      'PatternsOpen',
      'Sizes',
      'True',
    ];
    const comparable = Object.fromEntries(Object.entries(payloads).filter(([name]) => !beyond.includes(name)));
    const { wrong } = await disagreements(comparable, components);
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  it('is right where Ajv alone is not', async () => {
    const validators = await loadValidators((await generate(modelOf(payloads, components))).text);
    const verdict = (name: string, json: string) => validators.get(name)?.(JSON.parse(json));
    expect(verdict('Inherited', '{}')).toBe(true);
    expect(verdict('Inherited', '{"__proto__": 5}')).toBe(false);
    expect(verdict('Inherited', '{"constructor": 5, "__proto__": "a"}')).toBe(true);
    expect(verdict('InheritedRequired', '{}')).toBe(false);
    expect(verdict('InheritedRequired', '{"constructor": "a"}')).toBe(false);
    expect(verdict('InheritedRequired', '{"constructor": "a", "__proto__": "b"}')).toBe(true);
    expect(verdict('Draft4', '{"n": 0}')).toBe(false);
    expect(verdict('Nullable', '{"old": null, "now": null, "ref": null, "all": null, "enumerated": null}')).toBe(true);
    expect(verdict('Nullable', '{"ref": {}}')).toBe(false);
    expect(verdict('Tuple', '{"exact": ["a", 1, 2]}')).toBe(false);
    expect(verdict('PatternsOpen', '{"a.b": "x"}')).toBe(false);
    expect(verdict('Untyped', '{"nested": {"deep": [{"x": 1}]}}')).toBe(false);
  });

  it('says what is wrong, where', async () => {
    const validators = await loadValidators((await generate(modelOf(payloads, components))).text);
    const validate = validators.get('Dates');
    expect(validate?.({ at: 'yesterday' })).toBe(false);
    expect(formatErrors(validate?.errors)).toBe('/at must match format "date-time"');
    expect(validate?.({ at: '2026-11-20T18:00:00Z' })).toBe(true);
    expect(validate?.errors ?? null).toBe(null);
  });
});
