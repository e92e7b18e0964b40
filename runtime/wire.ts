import type { Attribute, Envelope, EnvelopeMapping, WireMessage } from './envelope.js';
import { readBody } from './envelope-mapping.js';
import { decodeHeaderValue, encodeHeaderValue } from './header-value.js';
import { isInstant } from './instant.js';

/** A decoded message, or in one sentence why it is none. */
export type Decoded =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly problem: string };

/**
 * A message in CloudEvents binary mode: attributes as `ce-` headers, the payload alone as JSON in UTF-8. `declared` are further headers that the contract
 * names, each with the attribute it repeats.
 */
export function encode(envelope: Envelope, declared: Readonly<Record<string, Attribute>> = {}): WireMessage {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'ce-specversion': '1.0' };
  for (const attribute of attributeNames) {
    const value = envelope[attribute];
    if (value !== undefined) headers[`ce-${attribute}`] = encodeHeaderValue(String(value));
  }
  for (const [name, attribute] of Object.entries(declared)) {
    const value = envelope[attribute];
    if (value !== undefined) headers[name] = encodeHeaderValue(String(value));
  }
  return { headers, body: new TextEncoder().encode(JSON.stringify(envelope.data)) };
}

/**
 * Reads a message of any producer. Attributes that the `ce-` headers lack are looked for in the `declared` ones, as `encode` writes them, then in the body,
 * where `mapping` says; a message without correlation id starts its own. Unknown headers are ignored. Never throws: what comes over the wire is not ours.
 */
export function decode(
  wire: WireMessage,
  mapping?: EnvelopeMapping,
  declared: Readonly<Record<string, Attribute>> = {},
): Decoded {
  const payload = readPayload(wire);
  if (!payload.ok) return payload;
  const data = payload.value;
  const problems: string[] = [];
  const values: Values = {};
  if (mapping !== undefined) {
    const body = readBody(mapping, data);
    Object.assign(values, body.values);
    problems.push(...body.problems);
  }
  readHeaders(wire, declared, values, problems);
  judge(values, problems);
  const { id, source, type, time } = values;
  if (id === undefined || source === undefined || type === undefined || time === undefined) {
    problems.push(...required.filter((name) => values[name] === undefined).map((name) => `"${name}" is missing`));
    return refused(problems);
  }
  if (problems.length > 0) return refused(problems);
  const { correlationid = id, force } = values;
  const read = Object.assign(values, { data, correlationid, ...(force !== undefined && { force: force === 'true' }) });
  // Each text has passed the check of its attribute.
  return { ok: true, envelope: read as unknown as Envelope };
}

type Values = Partial<Record<Attribute, string>>;

/** The message's name of the contract, without decoding the rest; undefined when the message does not say. */
export function messageType(wire: WireMessage): string | undefined {
  const value = header(wire, 'ce-type');
  return value === undefined ? undefined : decodeHeaderValue(value) || undefined;
}

const required = ['id', 'source', 'type', 'time'] as const;

/** Every attribute and what its text must be. An empty one is never meant. */
const checks: Readonly<Record<Attribute, (text: string) => boolean>> = {
  id: notEmpty,
  source: notEmpty,
  type: notEmpty,
  time: isInstant,
  subject: notEmpty,
  dataversion: notEmpty,
  partitionkey: notEmpty,
  // The bounds of the columns that keep them.
  sequence: integerUpTo(9_223_372_036_854_775_807n),
  epoch: integerUpTo(2_147_483_647n),
  previoussequence: integerUpTo(9_223_372_036_854_775_807n),
  op: (text) => ['created', 'updated', 'deleted', 'snapshot'].includes(text),
  carries: (text) => ['state', 'delta'].includes(text),
  correlationid: notEmpty,
  causationid: notEmpty,
  traceparent: notEmpty,
  force: (text) => ['true', 'false'].includes(text),
  expirytime: isInstant,
  replyto: notEmpty,
};

/** Every attribute, in the order of headers. */
export const attributeNames = Object.keys(checks) as readonly Attribute[];

/** Each attribute with its header. */
const ceHeaders = attributeNames.map((attribute) => [attribute, `ce-${attribute}`] as const);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The payload of a message, or in one sentence why nobody can read it. */
export function readPayload(
  wire: WireMessage,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string } {
  const contentType = header(wire, 'content-type') ?? 'application/json';
  if (contentType !== 'application/json' && !isJson(contentType)) {
    return { ok: false, problem: `content type "${contentType}" is not JSON in binary mode` };
  }
  try {
    return { ok: true, value: JSON.parse(utf8.decode(wire.body)) };
  } catch {
    return { ok: false, problem: 'the body is not JSON in UTF-8' };
  }
}

function isJson(contentType: string): boolean {
  return /^(application|text)\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType) && !/cloudevents/i.test(contentType);
}

/** Writes what the headers say into `values`, over what is there, and what cannot be read into `problems`. */
function readHeaders(
  wire: WireMessage,
  declared: Readonly<Record<string, Attribute>>,
  values: Values,
  problems: string[],
): void {
  const version = header(wire, 'ce-specversion') ?? '1.0';
  if (version !== '1.0') problems.push(`"specversion" is ${JSON.stringify(version)}, not "1.0"`);
  readDeclared(wire, declared, values);
  for (const [attribute, name] of ceHeaders) {
    const value = header(wire, name);
    if (value === undefined) continue;
    const text = decodeHeaderValue(value);
    if (text === undefined) problems.push(`"${attribute}" is not percent-encoded UTF-8`);
    else values[attribute] = text;
  }
}

/** A header of the contract's own may mean something else than its name says, such as a time in seconds: what cannot be the attribute is passed over. */
function readDeclared(wire: WireMessage, declared: Readonly<Record<string, Attribute>>, values: Values): void {
  for (const name of Object.keys(declared)) {
    const attribute = declared[name];
    const value = header(wire, name);
    if (value === undefined || attribute === undefined) continue;
    const text = decodeHeaderValue(value) ?? value;
    if (text !== '' && checks[attribute](text)) values[attribute] = text;
  }
}

function judge(values: Values, problems: string[]): void {
  for (const attribute of attributeNames) {
    const text = values[attribute];
    if (text === undefined || checks[attribute](text)) continue;
    problems.push(`"${attribute}" cannot be ${JSON.stringify(text.slice(0, 100))}`);
  }
}

function header(wire: WireMessage, name: string): string | undefined {
  return Object.hasOwn(wire.headers, name) ? wire.headers[name] : undefined;
}

function refused(problems: readonly string[]): Decoded {
  return { ok: false, problem: problems.join('; ') };
}

function notEmpty(text: string): boolean {
  return text !== '';
}

function integerUpTo(max: bigint): (text: string) => boolean {
  const digits = String(max);
  // Numbers of equal length compare as their texts do.
  return (text) =>
    /^(0|[1-9]\d{0,18})$/.test(text) &&
    (text.length < digits.length || (text.length === digits.length && text <= digits));
}
