import { knowsKeyword } from './dialect.js';
import type { SchemaBody } from './edges.js';
import { type Draft, type Raw, READERS, type ReadContext, SILENT, TYPES } from './keywords.js';

/** Reads one schema object of any dialect into canonical keywords. Never throws: what is malformed is reported and left out. */
export function readSchema(raw: Raw, context: ReadContext): SchemaBody {
  const body: Draft = {};
  const unknown: string[] = [];
  const extensions = new Map<string, unknown>();
  for (const keyword of Object.keys(raw)) {
    const value = raw[keyword];
    if (value === undefined) continue;
    if (keyword.startsWith('x-')) extensions.set(keyword, value);
    else if (!knowsKeyword(context.dialect, keyword)) unknown.push(keyword);
    else if (Object.hasOwn(READERS, keyword)) {
      const verdict = READERS[keyword]?.(body, value, raw, context);
      if (verdict) unknown.push(keyword);
      if (verdict === 'malformed')
        context.problem('keyword-invalid', `"${keyword}" has a value that means nothing there`);
    } else if (!SILENT.has(keyword)) {
      unknown.push(keyword);
      context.problem('keyword-unknown', `"${keyword}" is no keyword of JSON Schema`);
    }
  }
  if (typeof raw.$dynamicRef === 'string' || typeof raw.$recursiveRef === 'string') unknown.push('$dynamicRef');
  if (extensions.size > 0) body.extensions = extensions;
  if (unknown.length > 0) body.unknown = unknown.sort();
  implyType(body, context);
  return raw.nullable === true ? withNull(body, context) : body;
}

const OBJECT_WORDS = [
  'properties',
  'patternProperties',
  'additionalProperties',
  'propertyNames',
  'required',
  'minProperties',
  'maxProperties',
] as const;
const ARRAY_WORDS = ['items', 'prefixItems', 'contains', 'minItems', 'maxItems', 'uniqueItems'] as const;

function implyType(body: Draft, context: ReadContext): void {
  if (!context.imply || body.types || body.enum || body.const || body.ref !== undefined) return;
  const object = OBJECT_WORDS.some((word) => body[word] !== undefined);
  const array = ARRAY_WORDS.some((word) => body[word] !== undefined);
  if (object === array) return;
  body.types = [object ? 'object' : 'array'];
  body.typesImplied = true;
  context.problem('type-implied', `there is no "type"; it is read as ${object ? '"object"' : '"array"'}`);
}

/** `nullable: true` beside a type widens it; beside anything else it is a second possibility. */
function withNull(body: Draft, context: ReadContext): SchemaBody {
  if (body.types) return { ...body, types: TYPES.filter((type) => type === 'null' || body.types?.includes(type)) };
  const {
    title,
    description,
    deprecated,
    readOnly,
    writeOnly,
    extensions,
    default: fallback,
    examples,
    ...asserted
  } = body;
  if (Object.keys(asserted).length === 0) return body;
  const annotations = { title, description, deprecated, readOnly, writeOnly, extensions, default: fallback, examples };
  const kept = Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== undefined));
  const keys = Object.keys(asserted);
  const rest = keys.length === 1 && asserted.ref !== undefined ? asserted.ref : context.synthetic('value', asserted);
  return { ...kept, anyOf: [rest, context.synthetic('null', { types: ['null'] })] };
}
