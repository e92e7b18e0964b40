import { createHash } from 'node:crypto';
import type { SqlClient, SqlRow } from '../sql/client.js';
import type { PostgresClient, PostgresQuery } from './driver.js';

export interface ClientOptions {
  /** Quoted. */
  readonly schema: string;
  readonly prepared: boolean;
  /** Values that the service's own SQL answers are parsed as below, not as the driver is set up. */
  readonly ownTypes: boolean;
  /** What to throw for an error of the driver. */
  failed(error: unknown): unknown;
}

/** The runtime's statements over a client of the driver. */
export function sqlClient(client: PostgresClient, options: ClientOptions): SqlClient {
  const { schema, prepared, ownTypes } = options;
  async function run(query: PostgresQuery): Promise<readonly SqlRow[]> {
    try {
      return (await client.query(query)).rows;
    } catch (error) {
      throw options.failed(error);
    }
  }
  return {
    schema,
    query: (text, values = []) =>
      run({ text, values: [...values], types: typeParsers, ...(prepared && { name: statementName(text) }) }),
    // A pool of the user's parses for the user as its owner has set it up.
    queryOnce: (text, values = []) => run({ text, values: [...values], ...(ownTypes && { types: typeParsers }) }),
  };
}

const names = new Map<string, string>();

/** The driver refuses one name for two texts, and stores may share a pool: the name is made of the text. */
function statementName(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `sw_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  names.set(text, name);
  return name;
}

type Parser = (text: string) => unknown;

const number: Parser = (text) => Number(text);
const json: Parser = (text) => JSON.parse(text) as unknown;

/**
 * Types by their object id, as PGlite parses them, so that a service's own SQL answers the same over both. The driver's parsers are the whole process's,
 * and may be anybody's: they are neither used nor changed.
 */
const parsers: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [16, (text) => text === 't'],
  [17, (text) => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))],
  [20, (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text))],
  ...[21, 23, 26, 700, 701].map((oid): [number, Parser] => [oid, number]),
  ...[114, 3802].map((oid): [number, Parser] => [oid, json]),
  ...[1082, 1114, 1184].map((oid): [number, Parser] => [oid, (text) => new Date(text)]),
]);

const typeParsers: NonNullable<PostgresQuery['types']> = {
  getTypeParser: (oid) => parsers.get(oid) ?? arrayParsers.get(oid) ?? ((text) => text),
};

/** Arrays of the types above and of text, by their object id. */
const arrayParsers: ReadonlyMap<number, Parser> = new Map(
  [
    ...[
      [1000, 16],
      [1016, 20],
      [1005, 21],
      [1007, 23],
      [1021, 700],
      [1022, 701],
      [199, 114],
      [3807, 3802],
    ],
    ...[
      [1009, 25],
      [1015, 1043],
      [1182, 1082],
      [1115, 1114],
      [1185, 1184],
      [2951, 2950],
      [1231, 1700],
    ],
  ].map(([array = 0, element = 0]): [number, Parser] => [array, (text) => parseArray(text, parsers.get(element))]),
);

/** Reads `{a,"b \"c\"",NULL,{d}}`. https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function parseArray(text: string, element: Parser = (value) => value): unknown {
  let at = text.indexOf('{');
  return list();

  function list(): unknown[] {
    const items: unknown[] = [];
    at += 1;
    while (at < text.length && text[at] !== '}') {
      if (text[at] === ',') at += 1;
      else if (text[at] === '{') items.push(list());
      else items.push(text[at] === '"' ? element(quotedItem()) : plainItem());
    }
    at += 1;
    return items;
  }

  function quotedItem(): string {
    let value = '';
    for (at += 1; text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1;
      value += text[at];
    }
    at += 1;
    return value;
  }

  function plainItem(): unknown {
    const from = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '}') at += 1;
    const value = text.slice(from, at);
    return value === 'NULL' ? null : element(value);
  }
}
