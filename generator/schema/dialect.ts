import type { Dialect } from './node.js';

/** The dialect that a document or a schema declares for itself; undefined when it says nothing we know. */
export function declaredDialect(value: unknown): Dialect | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { $schema, openapi, asyncapi, swagger } = value as Readonly<Record<string, unknown>>;
  if (typeof $schema === 'string') return dialectOfUri($schema);
  if (typeof openapi === 'string') return openapi.startsWith('3.0') ? 'openapi-3.0' : 'openapi-3.1';
  if (swagger !== undefined) return 'openapi-3.0';
  return typeof asyncapi === 'string' ? 'asyncapi' : undefined;
}

/** Reads AsyncAPI's `schemaFormat`. Undefined for formats that are no JSON Schema, such as Avro and Protobuf. */
export function dialectOfFormat(schemaFormat: string): Dialect | undefined {
  if (schemaFormat.startsWith('application/vnd.aai.asyncapi')) return 'asyncapi';
  if (schemaFormat.startsWith('application/vnd.oai.openapi'))
    return /version=3\.1/.test(schemaFormat) ? 'openapi-3.1' : 'openapi-3.0';
  if (!schemaFormat.startsWith('application/schema')) return undefined;
  const version = /version=draft-?0?([467])|version=(2019-09|2020-12)/.exec(schemaFormat);
  return ((version?.[1] && `draft-0${version[1]}`) || version?.[2] || 'draft-07') as Dialect;
}

function dialectOfUri(uri: string): Dialect | undefined {
  const draft = /json-schema\.org\/draft-0([467])\//.exec(uri);
  if (draft) return `draft-0${draft[1]}` as Dialect;
  const dated = /json-schema\.org\/draft\/(2019-09|2020-12)\//.exec(uri);
  if (dated) return dated[1] as Dialect;
  return /spec\.openapis\.org\/oas\/3\.1/.test(uri) ? 'openapi-3.1' : undefined;
}

const ORDER: Readonly<Record<Dialect, number>> = {
  'draft-04': 4,
  'draft-06': 6,
  'draft-07': 7,
  '2019-09': 8,
  '2020-12': 9,
  'openapi-3.1': 9,
  // Both extend an older draft, but their authors write newer keywords and mean them; no tool of theirs gives those another meaning.
  asyncapi: 9,
  'openapi-3.0': 9,
};

/** Keywords that came after draft-04; in an older draft they are unknown words that assert nothing. */
const SINCE: ReadonlyMap<string, number> = new Map([
  ...['const', 'contains', 'propertyNames', 'examples'].map((keyword) => [keyword, 6] as const),
  ...['if', 'then', 'else', 'readOnly', 'writeOnly', 'contentEncoding', 'contentMediaType'].map(
    (keyword) => [keyword, 7] as const,
  ),
  ...['minContains', 'maxContains', 'dependentRequired', 'dependentSchemas', 'contentSchema', 'deprecated'].map(
    (keyword) => [keyword, 8] as const,
  ),
  ...['unevaluatedItems', 'unevaluatedProperties', '$anchor', '$recursiveRef'].map((keyword) => [keyword, 8] as const),
  ...['prefixItems', '$dynamicRef', '$dynamicAnchor'].map((keyword) => [keyword, 9] as const),
]);

/** Whether a keyword of JSON Schema exists in a dialect. Keywords that no dialect knows are not this function's business. */
export function knowsKeyword(dialect: Dialect, keyword: string): boolean {
  return (SINCE.get(keyword) ?? 0) <= ORDER[dialect];
}
