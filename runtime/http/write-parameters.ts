import { UsageError } from '../errors.js';
import type { OperationDefinition, ParameterDefinition } from './operation.js';
import { nameOf, type Pair, type Style, scalarText, separatorOf, styleOf } from './parameter-text.js';

export interface WrittenParameters {
  /** Path with its parameters filled in, percent-encoded. */
  readonly path: string;
  /** Without `?`; '' when there are none. */
  readonly query: string;
  readonly headers: readonly Pair[];
  /** Value of the `cookie` header; '' when there are none. */
  readonly cookie: string;
}

/** Writes the parameters of a request. `valueFor` gives the value of each; undefined leaves it out. Throws `UsageError` on values that have no text. */
export function writeParameters(
  operation: Pick<OperationDefinition, 'path' | 'parameters'>,
  valueFor: (parameter: ParameterDefinition) => unknown,
): WrittenParameters {
  let { path } = operation;
  const query: string[] = [];
  const headers: Pair[] = [];
  const cookies: string[] = [];
  for (const parameter of operation.parameters) {
    const value = valueFor(parameter);
    if (value === undefined) {
      if (parameter.required) throw new UsageError(`${nameOf(parameter)} is missing`);
      continue;
    }
    const style = styleOf(parameter);
    if (parameter.in === 'path') path = path.replaceAll(`{${parameter.name}}`, () => pathText(parameter, style, value));
    else if (parameter.in === 'header') headers.push([parameter.name, headerText(parameter, style, value)]);
    else {
      const pairs = pairsOf(parameter, style, value);
      if (parameter.in === 'query') query.push(...pairs.map((pair) => encodePair(pair, style)));
      else cookies.push(...pairs.map(([name, text]) => `${name}=${encodeURIComponent(text)}`));
    }
  }
  refuseDotSegments(path);
  return { path, query: query.join('&'), headers, cookie: cookies.join('; ') };
}

/** Pairs of a query, a cookie, or a form body. */
export function pairsOf(
  parameter: Pick<ParameterDefinition, 'name' | 'in'>,
  style: Style,
  value: unknown,
): readonly Pair[] {
  const { name } = parameter;
  const where = nameOf(parameter);
  if (style.style === 'json') return [[name, JSON.stringify(value)]];
  if (Array.isArray(value)) {
    const texts = value.map((item) => scalarText(item, where));
    return style.explode ? texts.map((text): Pair => [name, text]) : [[name, texts.join(separatorOf(style.style))]];
  }
  if (typeof value !== 'object' || value === null) return [[name, scalarText(value, where)]];
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  if (style.style === 'deepObject') return fields.map(([key, field]) => [`${name}[${key}]`, scalarText(field, where)]);
  if (style.explode) {
    return fields.flatMap(([key, field]) =>
      (Array.isArray(field) ? field : [field]).map((item): Pair => [key, scalarText(item, where)]),
    );
  }
  const flat = fields.flatMap(([key, field]) => [key, scalarText(field, where)]);
  return [[name, flat.join(separatorOf(style.style))]];
}

/** The separators between items stay readable; everything of the caller's is encoded. */
function encodePair([name, text]: Pair, style: Style): string {
  const separator = separatorOf(style.style);
  const encoded =
    style.explode || style.style === 'json'
      ? encodeURIComponent(text)
      : text.split(separator).map(encodeURIComponent).join(encodeURIComponent(separator).replace('%2C', ','));
  return `${encodeURIComponent(name)}=${encoded}`;
}

function pathText(parameter: ParameterDefinition, style: Style, value: unknown): string {
  if (style.style === 'json') return encodeURIComponent(JSON.stringify(value));
  const where = nameOf(parameter);
  const encode = (item: unknown): string => encodeURIComponent(scalarText(item, where));
  const items = Array.isArray(value)
    ? value.map(encode)
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, field]) =>
          style.explode ? [`${encode(key)}=${encode(field)}`] : [encode(key), encode(field)],
        )
      : [encode(value)];
  const text = joinPath(parameter.name, style, items);
  // An empty segment would be another path.
  if (text === '') throw new UsageError(`${where} must not be empty`);
  return text;
}

function joinPath(name: string, style: Style, items: readonly string[]): string {
  if (style.style === 'label') return `.${items.join(style.explode ? '.' : ',')}`;
  if (style.style !== 'matrix') return items.join(',');
  const key = encodeURIComponent(name);
  if (!style.explode) return `;${key}=${items.join(',')}`;
  return items.map((item) => (item.includes('=') ? `;${item}` : `;${key}=${item}`)).join('');
}

function headerText(parameter: ParameterDefinition, style: Style, value: unknown): string {
  const where = nameOf(parameter);
  const text =
    style.style === 'json'
      ? JSON.stringify(value)
      : Array.isArray(value)
        ? value.map((item) => scalarText(item, where)).join(',')
        : typeof value === 'object' && value !== null
          ? Object.entries(value)
              .map(([key, field]) => `${key}${style.explode ? '=' : ','}${scalarText(field, where)}`)
              .join(',')
          : scalarText(value, where);
  if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) throw new UsageError(`${where} holds characters that no header can carry`);
  return text;
}

/** URLs drop `.` and `..`, encoded or not: `/users/{id}/orders` with the id `..` would call `/orders`. */
function refuseDotSegments(path: string): void {
  if (path.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment))) {
    throw new UsageError(`path "${path}": a parameter makes "." or ".." out of a segment, which leads to another path`);
  }
}
