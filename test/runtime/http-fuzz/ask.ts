import type { Judged } from './contract.js';
import type { Dice } from './dice.js';
import { sample } from './sample.js';

const oddities: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e308, -0, 9_007_199_254_740_992, '', ' ', '\0', '\ud800', '__proto__', '2026-02-30'],
  ...['x'.repeat(10_000), '\u202e', "'; drop table x; --", '{{7*7}}', '../../etc/passwd', '%00'],
  ...[[], {}, [[]], [null], { __proto__: null, length: -1 }, { constructor: { prototype: {} } }, { toString: 1 }],
];

/** A request: mostly what the contract asks for with something wrong about it, now and then nothing but noise. */
export function ask(operation: Judged, basePath: string, chance: Dice): Request {
  const { query, headers, path } = parametersOf(operation, chance);
  const method = chance.chance(3)
    ? chance.pick(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
    : operation.method;
  const types = Object.keys(operation.bodies);
  const hasBody = method !== 'GET' && method !== 'HEAD' && (types.length > 0 || chance.chance(5));
  const type = types.length === 0 ? 'application/json' : chance.pick(types);
  if (hasBody && !type.startsWith('multipart/') && !chance.chance(3))
    headers.set('content-type', typeText(type, chance));
  const text = `http://fuzz${basePath}${path}${query === '' ? '' : `?${query}`}`;
  const url = URL.canParse(text) ? text : `http://fuzz${basePath}/`;
  return new Request(url, { method, headers, ...(hasBody && { body: bodyOf(operation, type, chance) }) });
}

function parametersOf(operation: Judged, chance: Dice) {
  const headers = new Headers();
  const query: string[] = [];
  let { path } = operation;
  for (const { name, in: place, style, schema } of operation.parameters) {
    const fine = sample(operation, schema, chance);
    const value = chance.chance(10) ? chance.pick(oddities) : fine;
    const text = Array.isArray(value) && chance.chance(90) ? value.join(',') : wordOf(value);
    if (place === 'path')
      path = path.replace(
        `{${name}}`,
        () => `${stylePrefix(style, name)}${chance.chance(4) ? text : encodeURIComponent(safe(text))}`,
      );
    if (chance.chance(8)) continue;
    if (place === 'query')
      query.push(`${encodeURIComponent(name)}=${chance.chance(4) ? text : encodeURIComponent(safe(text))}`);
    if (place === 'header') setHeader(headers, name, text);
    if (place === 'cookie') setHeader(headers, 'cookie', `${name}=${text}`);
  }
  if (chance.chance(5))
    query.push(chance.pick(['__proto__[x]=1', '=', '&&', '%', 'limit=1&limit=2', 'deep[from]=1', '%ff=%fe']));
  if (chance.chance(5))
    setHeader(
      headers,
      'x-request-deadline',
      chance.pick(['never', '1970-01-01T00:00:00Z', '2999-01-01T00:00:00Z', '']),
    );
  if (chance.chance(5))
    setHeader(headers, 'traceparent', chance.pick(['00-0-0-0', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`]));
  if (chance.chance(5)) setHeader(headers, 'x-correlation-id', chance.pick(['\t', 'x'.repeat(500), 'fine']));
  return { headers, path, query: query.join('&') };
}

function bodyOf(operation: Judged, type: string, chance: Dice): Uint8Array | string | FormData {
  if (chance.chance(6)) return noise(chance);
  const schema = operation.bodies[type]?.schema ?? {};
  const fine = sample(operation, schema, chance);
  if (type.startsWith('multipart/')) return formOf(chance);
  if (type.endsWith('urlencoded'))
    return new URLSearchParams(
      Object.entries(fine as object).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
  if (!type.endsWith('json')) return wordOf(fine);
  const value = chance.chance(60) ? mutated(fine, chance) : fine;
  return broken(JSON.stringify(value) ?? '', chance);
}

/** One place of a value is something else, gone, or new. */
function mutated(value: unknown, chance: Dice): unknown {
  if (chance.chance(20) || typeof value !== 'object' || value === null) return chance.pick(oddities);
  if (Array.isArray(value)) {
    if (value.length === 0 || chance.chance(20)) return [...value, chance.pick(oddities), ...value, ...value];
    const at = chance.int(value.length);
    return value.map((item, index) => (index === at ? mutated(item, chance) : item));
  }
  const entries = Object.entries(value);
  if (entries.length === 0 || chance.chance(20))
    return Object.fromEntries([
      ...entries,
      [chance.pick(['__proto__', 'extra', 'constructor', '', '\0']), chance.pick(oddities)],
    ]);
  const at = chance.int(entries.length);
  if (chance.chance(25)) return Object.fromEntries(entries.filter((_, index) => index !== at));
  return Object.fromEntries(entries.map(([name, item], index) => [name, index === at ? mutated(item, chance) : item]));
}

/** Text that is JSON no more, or not the JSON that it seems. */
function broken(text: string, chance: Dice): string | Uint8Array {
  if (chance.chance(88)) return text;
  const at = chance.int(text.length + 1);
  return chance.pick<() => string | Uint8Array>([
    () => text.slice(0, at),
    () => `${text.slice(0, at)}${chance.pick(['{', '}', '"', '\\', ',', 'NaN', '\0'])}${text.slice(at)}`,
    () => `\ufeff${text}`,
    () => `${text}${text}`,
    () => text.replace('{', '{"__proto__":{"id":1},'),
    () => `${'['.repeat(5_000)}${text}`,
    () => Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from(text.slice(at))]),
    () => text.replace(/:(\d+)/, ':1e999'),
  ])();
}

function noise(chance: Dice): Uint8Array {
  return Uint8Array.from({ length: chance.int(200) }, () => chance.int(256));
}

function formOf(chance: Dice): FormData {
  const form = new FormData();
  form.append(chance.pick(['file', '__proto__', '']), new Blob([noise(chance) as Uint8Array<ArrayBuffer>]), 'a.bin');
  return form;
}

function typeText(type: string, chance: Dice): string {
  if (!chance.chance(8)) return type;
  return chance.pick([
    type.toUpperCase(),
    `${type}; charset=latin1`,
    'application/vnd.x+json',
    'text/html',
    '*/*',
    ';',
    'multipart/form-data',
  ]);
}

function wordOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function stylePrefix(style: string, name: string): string {
  if (style === 'matrix') return `;${name}=`;
  return style === 'label' ? '.' : '';
}

/** `encodeURIComponent` throws on half a pair. */
function safe(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** The platform refuses what no connection could carry. */
function setHeader(headers: Headers, name: string, text: string): void {
  try {
    headers.set(name, text);
  } catch {
    // Nothing that could arrive.
  }
}
