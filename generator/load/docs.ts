import type { JsonSchema } from './mistakes.js';

/** What a reference page says beside the schema. */
export interface LanguagePage {
  /** Name of the page in `docs/reference`, without `.md`. */
  readonly name: string;
  /** Paragraphs between the title and the tables. */
  readonly intro: readonly string[];
}

/**
 * The reference page of one of our YAML languages, as Markdown: a table per mapping, its keys in the order of the schema. Pure: the same schema gives
 * the same text.
 */
export function languagePage(schema: JsonSchema, page: LanguagePage): string {
  const definitions = Object.entries(schemasIn(schema.definitions));
  const mappings = definitions.filter(([, definition]) => mappingIn(definition) !== undefined);
  const values = definitions.filter(([, definition]) => mappingIn(definition) === undefined);
  return [
    `# ${String(schema.title).replace(/^seamwright (?=\S+ v)/, '')}`,
    '',
    '<!-- Written from the schema folder by generator/load/docs.ts. UPDATE_DOCS=1 npx vitest run test/docs/languages.test.ts writes it anew. -->',
    '',
    ...page.intro.flatMap((paragraph) => [paragraph, '']),
    '## Top level',
    '',
    ...keyTable(schema),
    ...mappings.flatMap(([name, definition]) => ['', `## ${name}`, '', ...mappingSection(definition)]),
    '',
    '## Kinds of values',
    '',
    '| name | what is written |',
    '|---|---|',
    ...values.map(
      ([name, definition]) => `| <a id="${name.toLowerCase()}"></a>${name} | ${cell(valueKind(definition))} |`,
    ),
    '',
  ].join('\n');
}

function mappingSection(definition: JsonSchema): readonly string[] {
  const others = branchesOf(definition).filter((branch) => mappingIn(branch) === undefined);
  const short = others.map(valueText);
  return [
    ...(describe(definition) === '' ? [] : [describe(definition), '']),
    ...(short.length === 0 ? [] : [`Short form: ${short.join(' or ')}.`, '']),
    ...keyTable(definition),
  ];
}

function keyTable(schema: JsonSchema): readonly string[] {
  return ['| key | value | what it says |', '|---|---|---|', ...keyRows(schema, '')];
}

/** One row per key. The keys of a mapping without a name of its own follow it: `outer.inner`, and `outer[].inner` in a list. */
function keyRows(schema: JsonSchema, prefix: string): readonly string[] {
  const mapping = mappingIn(schema);
  const required = listIn(mapping?.required);
  return Object.entries(schemasIn(mapping?.properties)).flatMap(([key, property]) => {
    const must = required.includes(key) ? ', required' : '';
    const row = `| \`${prefix}${key}\`${must} | ${cell(valueText(property))} | ${cell(explain(property))} |`;
    const items = schemaIn(property.items);
    return [row, ...keyRows(property, `${prefix}${key}.`), ...keyRows(items, `${prefix}${key}[].`)];
  });
}

/** What may stand there: `soft`, `hard` or a link to what is described elsewhere. */
function valueText(schema: JsonSchema): string {
  if (typeof schema.$ref === 'string') return linkTo(schema.$ref);
  const branches = branchesOf(schema);
  if (branches.length > 0) return [...new Set(branches.map(valueText))].join(' or ');
  if ('const' in schema) return literal(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map(literal).join(', ');
  if (schema.type === 'array') return `list of ${valueText(schemaIn(schema.items))}`;
  if (schema.type === 'object') return mappingText(schema);
  if (typeof schema.title === 'string') return schema.title;
  return Array.isArray(schema.type) ? schema.type.map(plainType).join(' or ') : plainType(schema.type);
}

function mappingText(schema: JsonSchema): string {
  const each = schema.additionalProperties;
  const open = mappingIn(schema) === undefined && typeof each === 'object';
  return open ? `name: ${valueText(schemaIn(each))}` : 'mapping';
}

function linkTo(ref: string): string {
  const name = ref.split('/').at(-1) ?? ref;
  return `[${name}](#${name.toLowerCase()})`;
}

const plainTypes: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'integer',
  number: 'number',
  boolean: 'true or false',
  null: 'nothing',
};

function plainType(type: unknown): string {
  return plainTypes[String(type)] ?? 'any value';
}

function literal(value: unknown): string {
  return `\`${String(value)}\``;
}

function valueKind(definition: JsonSchema): string {
  return [describe(definition) || `${valueText(definition)}.`, examplesOf(definition)].filter(Boolean).join(' ');
}

function explain(schema: JsonSchema): string {
  const preset = 'default' in schema ? `Default ${literal(schema.default)}.` : '';
  return [describe(schema), preset, examplesOf(schema)].filter(Boolean).join(' ');
}

function describe({ description }: JsonSchema): string {
  const text = typeof description === 'string' ? description.trim() : '';
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}

function examplesOf(schema: JsonSchema): string {
  const examples = listIn(schema.examples).map(literal);
  return examples.length === 0 ? '' : `Such as ${examples.join(', ')}.`;
}

/** A table cell is one line, and a pipe would end it. Outside of code, an angle bracket would begin a tag. */
function cell(text: string): string {
  const parts = text.replace(/\s*\n\s*/g, ' ').split(/(`[^`]*`)/);
  return parts
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;')).replaceAll('|', '\\|'))
    .join('');
}

/** The mapping with named keys that a schema is, or that one of its forms is. */
function mappingIn(schema: JsonSchema): JsonSchema | undefined {
  return [schema, ...branchesOf(schema)].find(({ properties }) => typeof properties === 'object');
}

function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  return listIn(schema.oneOf).map(schemaIn);
}

function schemasIn(value: unknown): Readonly<Record<string, JsonSchema>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, JsonSchema>>) : {};
}

function schemaIn(value: unknown): JsonSchema {
  return schemasIn(value);
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
