import fc from 'fast-check';
import { at, cel } from 'seamwright/runtime';
import { describe, expect, it } from 'vitest';
import { emitPredicate, evaluateExpression, parseExpression, typeCheck } from '../../generator/schema/expression.js';
import { namesIn } from '../../generator/schema/expression-tree.js';
import { normalise } from '../../generator/schema/normalise.js';

const message = {
  type: 'object',
  properties: {
    crudAction: { enum: ['Created', 'Updated', 'Deleted'] },
    total: { type: 'number' },
    entityData: {
      type: 'object',
      properties: {
        id: { type: 'string' },
        isActive: { type: 'boolean' },
        age: { type: 'integer' },
        tags: { type: 'array', items: { type: 'string' } },
        children: { type: 'array', items: { $ref: '#/properties/entityData' } },
      },
    },
  },
};
const graph = normalise(new Map([['/m.json', message]]), [
  { key: 'm', name: 'M', ref: { file: '/m.json', pointer: '' }, dialect: '2020-12' },
]);
const field = (name: string) => {
  const id = graph.node('M').properties?.get(name);
  if (id === undefined) throw new Error(name);
  return { graph, id };
};
const scope = {
  entityData: field('entityData'),
  crudAction: field('crudAction'),
  total: field('total'),
  any: 'any',
} as const;

function parsed(text: string) {
  const result = parseExpression(text);
  if ('error' in result) throw new Error(`${text}: ${result.error}`);
  return result.ast;
}

/** Runs the emitted text with the real runtime functions. */
function run(text: string, values: Readonly<Record<string, unknown>>): unknown {
  const names = Object.keys(values);
  const source = emitPredicate(parsed(text), { variable: (name) => name });
  return new Function('at', 'cel', ...names, `return ${source};`)(at, cel, ...names.map((name) => values[name]));
}

describe('parseExpression', () => {
  it.each([
    ['a &&', 'Unexpected token: EOF', 4],
    ['a.isActive || b &&& c', 'Unexpected character: &', 18],
    ['foo(a)', 'the function "foo" is not part of the expressions that contracts may hold', 0],
    ['a && timestamp("x") == b', 'the function "timestamp" is not part of the expressions that contracts may hold', 5],
    ['a == 12345678901234567890', undefined, undefined],
    ['b"x" == a', 'a literal of this type is not part of the expressions that contracts may hold', 0],
  ])('tells where "%s" is wrong', (text, error, offset) => {
    const result = parseExpression(text);
    if (!('error' in result)) throw new Error('accepted');
    if (error !== undefined) expect(result).toEqual({ error, offset });
  });

  it('lists the names an expression takes from outside', () => {
    expect(namesIn(parsed('xs.all(x, x.a == y) && has(z.q)'))).toEqual(['xs', 'y', 'z']);
  });
});

describe('emitPredicate', () => {
  it('reads fields of what may be missing without failing', () => {
    const text = "entityData.isActive || previous.isActive || crudAction == 'Deleted'";
    const source = emitPredicate(parsed(text), {
      variable: (name) => (name === 'previous' ? name : { root: 'm', path: [name] }),
    });
    expect(source).toBe(
      "at(m, 'entityData', 'isActive') === true || at(previous, 'isActive') === true || at(m, 'crudAction') === 'Deleted'",
    );
  });

  it('keeps a failure apart from false', () => {
    expect(run('previous.isActive', { previous: null })).toBe(false);
    expect(run('!previous.isActive', { previous: null })).toBe(false);
    expect(run('!previous.isActive', { previous: { isActive: false } })).toBe(true);
    expect(run('previous.isActive || true', { previous: null })).toBe(true);
    expect(run('!(previous.isActive && false)', { previous: null })).toBe(true);
    expect(run('a.b == null', { a: {} })).toBe(false);
    expect(run('a.b == null', { a: { b: null } })).toBe(true);
  });

  it('never lets a contract write code', () => {
    const nasty = 'a == "\' + process.exit() + \'\\n\u2028 */ </script> `$\u007b1}"';
    expect(run(nasty, { a: "' + process.exit() + '\n\u2028 */ </script> `$\u007b1}" })).toBe(true);
    expect(run('a["\']); throw 1; //"] == 1', { a: { "']); throw 1; //": 1 } })).toBe(true);
  });

  it('does not reach inherited members', () => {
    expect(run('has(a.constructor) || has(a.__proto__)', { a: {} })).toBe(false);
    expect(run('a["__proto__"] == 1', { a: JSON.parse('{"__proto__":1}') })).toBe(true);
  });

  it('says the same as CEL on any data', () => {
    fc.assert(
      fc.property(condition(3), data(), (text, values) => {
        const expected = evaluateExpression(text, values) === true;
        expect(run(text, values), text).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });
});

/** Values that may have the wrong shape: fields missing, null, of another type. */
function data(): fc.Arbitrary<Record<'a' | 'b' | 'xs', unknown>> {
  const scalar = fc.oneof(
    fc.boolean(),
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom('', 'x', 'xy', '😀'),
    fc.constant(null),
  );
  const object = fc.record(
    { p: fc.boolean(), n: fc.integer({ min: -3, max: 3 }), s: fc.constantFrom('', 'x', 'xy'), q: scalar },
    { requiredKeys: [], noNullPrototype: true },
  );
  const value = fc.oneof({ weight: 3, arbitrary: object }, { weight: 1, arbitrary: scalar });
  return fc.record({
    a: value,
    b: value,
    xs: fc.oneof({ weight: 4, arbitrary: fc.array(object, { maxLength: 3 }) }, { weight: 1, arbitrary: scalar }),
  });
}

/** Conditions over `a`, `b` and `xs`, well-typed for the intended data. */
function condition(depth: number, item?: string): fc.Arbitrary<string> {
  const root = item === undefined ? fc.constantFrom('a', 'b') : fc.constantFrom('a', item);
  const number = fc.oneof(
    root.map((r) => `${r}.n`),
    fc.integer({ min: 0, max: 3 }).map(String),
    root.map((r) => `size(${r}.s)`),
    fc.constant('xs.size()'),
  );
  const sum = fc.oneof(
    number,
    fc.tuple(number, fc.constantFrom('+', '-', '*', '/', '%'), number).map(([l, o, r]) => `(${l} ${o} ${r})`),
  );
  const text = fc.oneof(
    root.map((r) => `${r}.s`),
    fc.constantFrom('"x"', '"xy"', '""'),
  );
  const leaf = fc.oneof(
    root.map((r) => `${r}.p`),
    fc.constantFrom('true', 'false'),
    root.map((r) => `has(${r}.q)`),
    root.map((r) => `${r}.q == null`),
    fc.tuple(root, root).map(([l, r]) => `${l}.q == ${r}.q`),
    fc.tuple(root, root).map(([l, r]) => `${l} != ${r}`),
    fc.tuple(sum, fc.constantFrom('<', '<=', '>', '>=', '==', '!='), sum).map((parts) => parts.join(' ')),
    fc.tuple(text, fc.constantFrom('<', '>=', '==', '!='), text).map((parts) => parts.join(' ')),
    fc.tuple(text, fc.constantFrom('startsWith', 'endsWith', 'contains'), text).map(([l, f, r]) => `${l}.${f}(${r})`),
    fc.tuple(text, fc.constantFrom('"^x+$"', '"y"')).map(([l, r]) => `${l}.matches(${r})`),
    fc.tuple(text).map(([l]) => `${l} in ["x", "y"]`),
    fc.tuple(number).map(([l]) => `${l} in xs.map(i, i.n)`),
    fc.constant('sum(xs.map(i, i.n)) > 2'),
    fc.constant('sum(xs.map(i, i.p, i.n)) > 2'),
  );
  if (depth === 0) return leaf;
  const inner = condition(depth - 1, item);
  const macro =
    item === undefined
      ? fc
          .tuple(fc.constantFrom('all', 'exists', 'exists_one'), condition(depth - 1, 'i'))
          .map(([m, body]) => `xs.${m}(i, ${body})`)
      : leaf;
  const filtered =
    item === undefined ? condition(depth - 1, 'i').map((body) => `xs.filter(i, ${body}).size() == 1`) : leaf;
  return fc.oneof(
    leaf,
    inner.map((e) => `!(${e})`),
    fc.tuple(inner, fc.constantFrom('&&', '||'), inner).map(([l, o, r]) => `(${l}) ${o} (${r})`),
    fc.tuple(inner, inner, inner).map(([t, y, n]) => `(${t}) ? (${y}) : (${n})`),
    macro,
    filtered,
  );
}

describe('typeCheck', () => {
  it.each([
    ["entityData.isActive || crudAction == 'Deleted'", []],
    ['entityData.children.exists(c, c.children.all(d, d.isActive))', []],
    ['any.what.ever == 1 && total > 1.5', []],
    ['entityData.isActiv', [{ message: 'there is no field "isActiv"', offset: 11, suggestion: 'isActive' }]],
    ['entitydata.isActive', [{ message: '"entitydata" is not known here', offset: 0, suggestion: 'entityData' }]],
    [
      "crudAction == 'Delete'",
      [{ message: '"Delete" is none of the values "Created", "Updated", "Deleted"', offset: 0, suggestion: 'Deleted' }],
    ],
    ['entityData.id == 5', [{ message: 'a text is compared with a number: never equal', offset: 0 }]],
    ['entityData.age < "5"', [{ message: '"<" cannot order a number and a text', offset: 0 }]],
    ['entityData.id', [{ message: 'the whole expression is a text, not a true/false value', offset: 11 }]],
    ['entityData.age && true', [{ message: 'an operand of "&&" is a number, not a true/false value', offset: 11 }]],
    ['entityData.tags.all(t, t > 1)', [{ message: '">" cannot order a text and a number', offset: 23 }]],
    ['entityData.tags.exists(t, t.name == "x")', [{ message: 'a text has no field "name"', offset: 28 }]],
    ['entityData.id.matches("[")', [{ message: '"[" is no regular expression', offset: 22 }]],
    ['size(total) > 1', [{ message: 'a number has no size', offset: 5 }]],
  ])('%s', (text, problems) => {
    expect(typeCheck(parsed(text), scope)).toEqual(problems);
  });
});
