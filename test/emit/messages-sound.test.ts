import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileNode, compileSchema } from '../../generator/schema/ajv.js';
import { exampleOf } from '../../generator/schema/example.js';
import { compile, literalText } from './messages/compile.js';
import { components, payloads } from './messages/nasty.js';
import { catalogueMessages, generate, modelOf, type Schemas } from './messages/plan.js';
import { schemaArbitrary } from './messages/schemas.js';
import { valuesOfTypes } from './messages/type-values.js';

/** Types of all messages plus, for each, valid values that are assigned to its type without being fresh literals. */
async function filesWithExamples(messages: Schemas, shared: Schemas, examplesEach: number) {
  const model = modelOf(messages, shared);
  const { text, types } = await generate(model);
  const { graph } = catalogueMessages(model);
  const files = new Map(text);
  const without: string[] = [];
  const lines = ['declare function exactly<const T>(value: T): T;'];
  for (const name of Object.keys(messages)) {
    const found = types.message(name);
    const id = graph.roots.get(name);
    if (!found || id === undefined) throw new Error(`"${name}" has no type`);
    const check = compileNode(graph, id);
    let count = 0;
    for (let seed = 1; seed <= examplesEach; seed++) {
      const example = exampleOf(graph, id, { seed, check, extras: true });
      if (!example.ok) continue;
      const variable = `s${lines.length}`;
      lines.push(
        `import type { ${found.typeName} as T${lines.length} } from './${found.module}.js';`,
        `const ${variable} = exactly(${literalText(example.value)}); export const t${variable}: T${lines.length} = ${variable};`,
      );
      count++;
    }
    if (count === 0) without.push(name);
  }
  files.set('examples.ts', lines.join('\n'));
  return { files, without, count: lines.length };
}

describe('a type holds every value that its validator accepts', () => {
  it('for schemas that break generators', async () => {
    const { files, without, count } = await filesWithExamples(payloads, components, 12);
    expect(without).toEqual(['Never']);
    expect(count).toBeGreaterThan(500);
    expect(compile(files)).toEqual([]);
  });

  it('for random schemas', async () => {
    const messages = Object.fromEntries(
      fc
        .sample(schemaArbitrary(['A', 'B', 'C']), { numRuns: 150, seed: 7 })
        .map((schema, index) => [`M${index}`, schema]),
    );
    const [A, B, C] = fc.sample(schemaArbitrary(['A', 'B', 'C']), { numRuns: 3, seed: 11 });
    const { files, count } = await filesWithExamples(messages, { A, B, C }, 6);
    expect(count).toBeGreaterThan(300);
    expect(compile(files)).toEqual([]);
  });
});

describe('a value of the type is valid, for schemas of type, enum, const, properties, required, additionalProperties: false, items and $ref', () => {
  it('whatever the schema', () => {
    const shared = ['A', 'B', 'C'];
    const messages = Object.fromEntries(
      fc.sample(schemaArbitrary(shared, true), { numRuns: 400, seed: 3 }).map((schema, index) => [`M${index}`, schema]),
    );
    const [A, B, C] = fc.sample(schemaArbitrary(shared, true), { numRuns: 3, seed: 5 });
    const valueFor = valuesOfTypes(messages, { A, B, C });
    let judged = 0;
    for (const [name, schema] of Object.entries(messages)) {
      const check = compileSchema(
        { components: { schemas: { A, B, C } }, ...(schema as object) },
        { dialect: '2020-12' },
      );
      for (let seed = 1; seed <= 10; seed++) {
        const value = valueFor(name, seed);
        if (value === undefined) continue;
        judged++;
        expect({ value, errors: check(value) }, JSON.stringify(schema)).toEqual({ value, errors: [] });
      }
    }
    expect(judged).toBeGreaterThan(3000);
  });
});
