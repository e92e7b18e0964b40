import { canonicalJson, type SchemaBody } from '../../schema/edges.js';
import type { JsonType, SchemaNode } from '../../schema/node.js';
import { take, whole } from './difference.js';
import type { Spot } from './spot.js';
import { EVERY, typeText } from './type-text.js';

/** Types, `null` and listed values. `disjoint`: no value of one is of a type of the other, so there is nothing left to compare. */
export function compareTypes(spot: Spot): 'disjoint' | 'comparable' {
  const { before, after, found } = spot;
  const [was, is] = [typesOf(before), typesOf(after)];
  const [wasPlain, isPlain] = [was, is].map((types) => types.filter((type) => type !== 'null')) as [
    JsonType[],
    JsonType[],
  ];
  const common = wasPlain.some((type) => isPlain.includes(type) || numeric(type, isPlain));
  const keywords = ['type', 'enum', 'const'];
  if (!common && wasPlain.length > 0 && isPlain.length > 0) {
    const undo = whole(before.id, after.id);
    found({ kind: 'type', step: '/type', keywords, was: typeText(was), is: typeText(is), undo });
    return 'disjoint';
  }
  const nullWas = was.includes('null');
  if (nullWas !== is.includes('null') && before.types && after.types)
    found({
      kind: nullWas ? 'nullable-removed' : 'nullable-added',
      step: '/type',
      keywords,
      undo: (reader, writer) => ({ body: withNull(reader, writer.types?.includes('null') ?? false) }),
    });
  if (wasPlain.join() !== isPlain.join()) {
    const undo = take('types');
    found({ kind: 'type', step: '/type', keywords, was: typeText(was), is: typeText(is), undo });
  }
  compareListed(spot);
  return 'comparable';
}

function withNull(body: SchemaBody, allowed: boolean): SchemaBody {
  const types = (body.types ?? EVERY).filter((type) => type !== 'null');
  const listed = body.enum && [...without(body.enum, [null]), ...(allowed ? [null] : [])];
  return { ...body, types: allowed ? [...types, 'null'] : types, ...(listed && { enum: listed }) };
}

function typesOf(node: SchemaNode): readonly JsonType[] {
  return node.types ?? EVERY;
}

function numeric(type: JsonType, others: readonly JsonType[]): boolean {
  const kin: Partial<Record<JsonType, JsonType>> = { integer: 'number', number: 'integer' };
  const other = kin[type];
  return other !== undefined && others.includes(other);
}

/** `enum` and `const`. A list that its author calls extensible tells readers to expect more. */
function compareListed({ before, after, found }: Spot): void {
  const expected = isExtensible(before) ? { expected: true } : {};
  const [was, is] = [before.enum, after.enum];
  const [hinted, hints] = [hintsOf(before), hintsOf(after)];
  for (const value of without(hints, hinted))
    found({
      kind: 'enum-value-added',
      step: '/x-extensible-enum',
      keywords: [],
      what: JSON.stringify(value),
      expected: true,
      undo: take(),
    });
  if (was === undefined && is === undefined) return;
  const keywords = ['enum', 'const', 'type'];
  if (was === undefined || is === undefined) {
    const kind = was === undefined ? 'enum-closed' : 'enum-opened';
    found({
      kind,
      step: '/enum',
      keywords,
      ...(was && { was: listText(was) }),
      ...(is && { is: listText(is) }),
      ...expected,
      undo: take('enum'),
    });
    return;
  }
  const added = without(is, was);
  const removed = without(was, is);
  for (const [kind, values] of [
    ['enum-value-added', added],
    ['enum-value-removed', removed],
  ] as const) {
    // A list that gains or loses `null` with its type was told of already.
    const told = (before.types?.includes('null') ?? false) !== (after.types?.includes('null') ?? false);
    const telling = values.filter((value) => value !== null || !told);
    if (telling.length === 0) continue;
    found({
      kind,
      step: '/enum',
      keywords,
      what: telling.map((value) => JSON.stringify(value)).join(', '),
      was: listText(was),
      is: listText(is),
      ...(kind === 'enum-value-added' ? expected : {}),
      undo: (reader, writer) => ({
        body: {
          ...reader,
          enum: [...without(reader.enum ?? [], telling), ...telling.filter((value) => has(writer.enum ?? [], value))],
        },
      }),
    });
  }
}

function isExtensible(node: SchemaNode): boolean {
  const said = node.extensions?.get('x-extensible-enum');
  return said === true || said === 'true' || Array.isArray(said);
}

function hintsOf(node: SchemaNode): readonly unknown[] {
  const said = node.extensions?.get('x-extensible-enum');
  return Array.isArray(said) && node.enum === undefined ? said : [];
}

function without(values: readonly unknown[], others: readonly unknown[]): readonly unknown[] {
  return values.filter((value) => !has(others, value));
}

function has(values: readonly unknown[], value: unknown): boolean {
  return values.some((each) => same(each, value));
}

function listText(values: readonly unknown[]): string {
  const shown = values.slice(0, 6).map((value) => JSON.stringify(value));
  const more = values.length > 6 ? ` and ${values.length - 6} more` : '';
  return values.length === 1 ? (shown[0] ?? '') : `one of ${shown.join(', ')}${more}`;
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
