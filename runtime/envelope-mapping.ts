import type { ChangeKind, Envelope, EnvelopeMapping } from './envelope.js';
import { UsageError } from './errors.js';

/** What an envelope says of a message beside its payload, as far as a body can carry it. */
export type BodyFacts = Partial<Pick<Envelope, MappedAttribute>>;

type MappedAttribute = 'id' | 'time' | 'op' | 'force' | 'sequence' | 'epoch' | 'correlationid';

const mappedAttributes: readonly MappedAttribute[] = [
  'id',
  'time',
  'op',
  'force',
  'sequence',
  'epoch',
  'correlationid',
];

/** Attributes read out of a body, in the text form of headers, and what could not be read. */
export interface BodyAttributes {
  readonly values: Readonly<Partial<Record<MappedAttribute, string>>>;
  readonly problems: readonly string[];
}

/**
 * The payload of a message about an entity: the entity at the path `data` (or as the whole body), and the facts at their paths, in the contract's words.
 * Neither argument is changed. Throws `UsageError` for a path that ends in `__proto__` or the like.
 */
export function composeBody(mapping: EnvelopeMapping | undefined, entity: unknown, facts: BodyFacts): unknown {
  if (mapping === undefined) return entity;
  let body: unknown = mapping.data === undefined ? entity : withPath({}, pathOf(mapping.data), entity);
  for (const attribute of mappedAttributes) {
    const path = mapping[attribute];
    const value = bodyValue(mapping, attribute, facts);
    if (path !== undefined && value !== undefined) body = withPath(body, pathOf(path), value);
  }
  return body;
}

/** Reads the mapped attributes; one that the body lacks, or holds as null, is left out. */
export function readBody(mapping: EnvelopeMapping, body: unknown): BodyAttributes {
  const values: Partial<Record<MappedAttribute, string>> = {};
  const problems: string[] = [];
  for (const attribute of mappedAttributes) {
    const path = mapping[attribute];
    const value = path === undefined ? undefined : atPath(body, path);
    if (value === undefined || value === null) continue;
    const text = headerText(mapping, attribute, value);
    if (text === undefined) problems.push(`"${path}" holds no ${attribute}`);
    else values[attribute] = text;
  }
  return { values, problems };
}

/** The body without the attributes that lie in it. Does not change `body`. */
export function withoutAttributes(mapping: EnvelopeMapping, body: unknown): unknown {
  return mappedAttributes.reduce((rest, attribute) => {
    const path = mapping[attribute];
    return path === undefined || atPath(rest, path) === undefined ? rest : withPath(rest, pathOf(path), undefined);
  }, body);
}

/** The contract's word for a change. Contracts that name no snapshot tell it as an update. */
export function opWord(mapping: EnvelopeMapping | undefined, op: ChangeKind): string {
  const words = mapping?.ops;
  if (words === undefined) return op;
  return words[op] ?? (op === 'snapshot' ? (words.updated ?? 'updated') : op);
}

/** The value at a dotted path of own properties; undefined when there is none. */
export function atPath(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => {
    if (!isObject(at) || inherited.has(name) || !Object.hasOwn(at, name)) return undefined;
    return at[name];
  }, value);
}

function bodyValue(mapping: EnvelopeMapping, attribute: MappedAttribute, facts: BodyFacts): unknown {
  if (attribute === 'op') return facts.op === undefined ? undefined : opWord(mapping, facts.op);
  // Told even when it is false: a contract that maps it usually requires it.
  return attribute === 'force' ? facts.force === true : facts[attribute];
}

function headerText(mapping: EnvelopeMapping, attribute: MappedAttribute, value: unknown): string | undefined {
  switch (attribute) {
    case 'op':
      return typeof value === 'string' ? changeKind(mapping, value) : undefined;
    case 'force':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'time':
      return stringOnly(value);
    default:
      // A number above 2^53 has already lost digits: better no version than a wrong one.
      return typeof value === 'number' ? (Number.isSafeInteger(value) ? String(value) : undefined) : stringOnly(value);
  }
}

function changeKind(mapping: EnvelopeMapping, word: string): ChangeKind | undefined {
  const kinds: readonly ChangeKind[] = ['created', 'updated', 'deleted', 'snapshot'];
  return kinds.find((kind) => (mapping.ops?.[kind] ?? kind) === word);
}

function stringOnly(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Names that lead out of the data into the language. */
const inherited: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

function pathOf(path: string): readonly string[] {
  const names = path.split('.');
  if (names.some((name) => inherited.has(name))) throw new UsageError(`"${path}" is no path into a message`);
  return names;
}

/** A copy of `value` with one property set; objects on the way are copied or made, everything else is shared. */
function withPath(value: unknown, path: readonly string[], leaf: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return leaf;
  const object = isObject(value) ? value : {};
  const inner = Object.hasOwn(object, name) ? object[name] : undefined;
  return { ...object, [name]: withPath(inner, rest, leaf) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
