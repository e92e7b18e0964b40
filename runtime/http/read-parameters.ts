import type { HeaderReader } from './header-reader.js';
import type { OperationDefinition, ParameterDefinition, ScalarType, ValueType } from './operation.js';
import { groups } from './operation.js';
import { type Pair, type Style, scalarValue, separatorOf, styleOf } from './parameter-text.js';

/** Where the texts of a request's parameters are found. */
export interface ParameterSource {
  /** Decoded values by name. */
  readonly path: ReadonlyMap<string, string>;
  readonly query: readonly Pair[];
  readonly headers: HeaderReader;
}

export type ParameterGroups = Readonly<
  Record<'path' | 'query' | 'headers' | 'cookies', Readonly<Record<string, unknown>>>
>;

/** Reads every parameter that the request carries; what is missing is left out. Text that does not fit its type stays text. */
export function readParameters(
  operation: Pick<OperationDefinition, 'parameters'>,
  source: ParameterSource,
): ParameterGroups {
  const found = { path: record(), query: record(), headers: record(), cookies: record() };
  const cookies = operation.parameters.some((parameter) => parameter.in === 'cookie')
    ? cookiePairs(source.headers.get('cookie') ?? '')
    : [];
  for (const parameter of operation.parameters) {
    const pairs = parameter.in === 'query' ? source.query : cookies;
    const text = parameter.in === 'path' ? source.path.get(parameter.name) : source.headers.get(parameter.name);
    const value =
      parameter.in === 'path' || parameter.in === 'header'
        ? text === undefined || text === null
          ? undefined
          : fromText(text, parameter)
        : fromPairs(pairs, parameter);
    if (value !== undefined) found[groups[parameter.in]][parameter.as] = value;
  }
  return found;
}

/** A parameter of a query, a cookie, or the field of a form. */
export function fromPairs(
  pairs: readonly Pair[],
  parameter: Pick<ParameterDefinition, 'name' | 'in' | 'type' | 'style' | 'explode'>,
): unknown {
  const style = styleOf(parameter);
  const { name, type } = parameter;
  if (typeof type === 'object' && 'fields' in type && style.style !== 'json') {
    if (style.style === 'deepObject') return fieldsOf(type.fields, (key) => textsOf(pairs, `${name}[${key}]`));
    if (style.explode) return fieldsOf(type.fields, (key) => textsOf(pairs, key));
  }
  const texts = textsOf(pairs, name);
  const [first] = texts;
  if (first === undefined) return undefined;
  if (typeof type === 'object' && 'list' in type && style.style !== 'json') {
    const items = style.explode ? texts : split(first, separatorOf(style.style));
    return items.map((item) => scalarValue(item, type.list));
  }
  // A scalar that comes twice is a list to the validator, which refuses it: the first or the last would be a guess.
  if (texts.length > 1 && typeof type === 'string') return texts.map((item) => scalarValue(item, type));
  return fromOneText(first, type, style);
}

/** Name and value pairs of a query or of a form body, decoded; what is malformed stays as it is. */
export function formPairs(text: string): readonly Pair[] {
  return [...new URLSearchParams(text)];
}

/** Values of named fields; undefined when there is none of them. */
export function fieldsOf(
  fields: Readonly<Record<string, ScalarType | { readonly list: ScalarType }>>,
  texts: (key: string) => readonly string[],
): Readonly<Record<string, unknown>> | undefined {
  const found = record();
  for (const [key, type] of Object.entries(fields)) {
    const values = texts(key);
    const [first] = values;
    if (first === undefined) continue;
    found[key] =
      typeof type === 'object' ? values.map((text) => scalarValue(text, type.list)) : scalarValue(first, type);
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

function fromText(text: string, parameter: ParameterDefinition): unknown {
  const style = styleOf(parameter);
  if (style.style === 'label')
    return fromOneText(text.replace(/^\./, ''), parameter.type, style, style.explode ? '.' : ',');
  if (style.style === 'matrix') {
    const pairs = text
      .split(';')
      .filter((part) => part !== '')
      .map((part): Pair => [part.split('=', 1)[0] ?? '', part.slice(part.indexOf('=') + 1)]);
    return fromPairs(pairs, { ...parameter, style: 'form', explode: style.explode });
  }
  return fromOneText(text, parameter.type, style);
}

function fromOneText(text: string, type: ValueType, style: Style, separator = separatorOf(style.style)): unknown {
  if (style.style === 'json') return parseJson(text);
  if (typeof type === 'string') return scalarValue(text, type);
  const items = split(text, separator);
  if ('list' in type) return items.map((item) => scalarValue(item.trim(), type.list));
  const pairs: Pair[] = style.explode
    ? items.map((item) => [item.split('=', 1)[0] ?? '', item.slice(item.indexOf('=') + 1)])
    : items.flatMap((item, index) => (index % 2 === 0 ? [[item, items[index + 1] ?? '']] : []));
  return fieldsOf(type.fields, (key) => textsOf(pairs, key)) ?? record();
}

function split(text: string, separator: string): readonly string[] {
  return text === '' ? [] : text.split(separator);
}

function textsOf(pairs: readonly Pair[], name: string): readonly string[] {
  return pairs.filter(([key]) => key === name).map(([, text]) => text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function cookiePairs(header: string): readonly Pair[] {
  return header.split(';').flatMap((part): Pair[] => {
    const at = part.indexOf('=');
    if (at < 1) return [];
    const text = part.slice(at + 1).trim();
    try {
      return [[part.slice(0, at).trim(), decodeURIComponent(text)]];
    } catch {
      return [[part.slice(0, at).trim(), text]];
    }
  });
}

/** Without a prototype: a parameter named `__proto__` is only a parameter. */
function record(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}
