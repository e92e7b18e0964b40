import fc from 'fast-check';

const KEYS = ['a', 'b', 'c', 'kind', 'x-y'] as const;

/** Random schemas over every keyword that shapes a type; `names` are component schemas that may be referred to. */
export function schemaArbitrary(names: readonly string[], exact = false): fc.Arbitrary<unknown> {
  const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
    schema: fc.oneof({ maxDepth: 4, depthSize: 'small' }, ...leaves(names, exact), ...branches(tie('schema'), exact)),
  }));
  return schema;
}

function leaves(names: readonly string[], exact: boolean): fc.Arbitrary<unknown>[] {
  const scalar = fc.constantFrom<unknown>('x', 'y', 'z', 1, 2, true, null);
  const types = exact ? ['string', 'number', 'boolean', 'null'] : ['string', 'number', 'integer', 'boolean', 'null'];
  const listed = fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 }).map((values) => ({ enum: values }));
  const plain = fc.constantFrom(...types).map((type) => ({ type }));
  const some = fc.uniqueArray(fc.constantFrom(...types), { minLength: 1, maxLength: 3 }).map((type) => ({ type }));
  const reference = fc.constantFrom(...names).map((name) => ({ $ref: `#/components/schemas/${name}` }));
  const loose: fc.Arbitrary<unknown>[] = [
    fc.constant({}),
    fc.constant(true),
    fc.constantFrom(...types).map((type) => ({ type, nullable: true })),
  ];
  return [plain, some, listed, scalar.map((value) => ({ const: value })), reference, ...(exact ? [] : loose)];
}

function branches(inner: fc.Arbitrary<unknown>, exact: boolean): fc.Arbitrary<unknown>[] {
  const properties = fc.dictionary(fc.constantFrom(...KEYS), inner, { maxKeys: 4, noNullPrototype: true });
  const required = fc.uniqueArray(fc.constantFrom(...KEYS), { maxLength: 2 });
  const object = fc.record({ type: fc.constant('object'), properties, required });
  const closed = object.map((schema) => ({
    ...schema,
    required: schema.required.filter((key) => Object.hasOwn(schema.properties, key)),
    additionalProperties: false,
  }));
  const array = inner.map((items) => ({ type: 'array', items }));
  if (exact) return [closed, array];
  const list = fc.array(inner, { minLength: 1, maxLength: 3 });
  return [
    object,
    object,
    closed,
    array,
    fc.tuple(object, inner).map(([schema, additionalProperties]) => ({ ...schema, additionalProperties })),
    fc
      .tuple(object, inner)
      .map(([schema, pattern]) => ({ ...schema, patternProperties: { '^x': pattern }, additionalProperties: false })),
    list.map((allOf) => ({ allOf })),
    list.map((anyOf) => ({ anyOf })),
    list.map((oneOf) => ({ oneOf })),
    fc.tuple(object, list).map(([schema, oneOf]) => ({ ...schema, oneOf })),
    fc.tuple(object, list).map(([schema, allOf]) => ({ ...schema, allOf })),
    fc
      .tuple(object, required, required)
      .map(([schema, one, two]) => ({ ...schema, anyOf: [{ required: one }, { required: two }] })),
    fc.tuple(list, fc.nat(2)).map(([prefixItems, minItems]) => ({ type: 'array', prefixItems, minItems })),
    fc.tuple(object, inner, inner).map(([schema, test, then]) => ({ ...schema, if: test, then })),
    fc.tuple(object, inner).map(([schema, not]) => ({ ...schema, not })),
  ];
}
