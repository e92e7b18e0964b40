import type { MessageProperties, Options } from 'amqplib';
import type { WireMessage } from '../../envelope.js';
import { encodeHeaderValue } from '../../header-value.js';
import { partitionHeader } from './layout.js';

/** Headers of this broker's own. They never reach a consumer, so that a dead letter which is sent again starts anew. */
export const ownHeaders = {
  /** Hand-overs before the message was sent to where it is now. */
  tries: 'x-sw-tries',
  /** The queue that counted them; elsewhere they mean nothing. */
  queue: 'x-sw-queue',
  /** Milliseconds to wait beyond the step it is in, for delays that are longer than the highest step. */
  wait: 'x-sw-wait',
} as const;

/** Begins the message id of a message without one: it is known again by it when it comes back, and means nothing to anybody else. */
export const anonymousId = 'x-sw-';

/** A message as AMQP carries it: its headers as text, and what the standard properties have a place for there too. */
export function toProperties(
  { headers }: WireMessage,
  place: { readonly partitionKey?: string; readonly priority?: number } = {},
): Options.Publish {
  const time = headers['ce-time'];
  const seconds = time === undefined ? Number.NaN : Math.floor(Date.parse(time) / 1000);
  return {
    persistent: true,
    mandatory: true,
    headers: tableOf(headers, place.partitionKey),
    contentType: shortText(headers['content-type']),
    messageId: shortText(headers['ce-id']),
    correlationId: shortText(headers['ce-correlationid']),
    type: shortText(headers['ce-type']),
    timestamp: seconds >= 0 ? seconds : undefined,
    priority: place.priority === undefined ? undefined : Math.min(255, Math.max(0, Math.trunc(place.priority))),
  } as Options.Publish;
}

/**
 * The properties of a message that is sent on with some headers more. Left out are what the server adds by itself, and what would have an effect of its own:
 * a user that is not ours is refused, a time to live would cut the next wait short, and copies would go out again.
 */
export function toPropertiesAgain(
  properties: MessageProperties,
  more: Readonly<Record<string, string | number>>,
): Options.Publish {
  const headers: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties.headers ?? {})) {
    if (!isServers(name) && !isOwn(name)) headers[name] = value;
  }
  const { contentType, contentEncoding, correlationId, replyTo, messageId, timestamp, type, appId, priority } =
    properties as Options.Publish;
  return {
    ...{ contentType, contentEncoding, correlationId, replyTo, messageId, timestamp, type, appId, priority },
    ...{ persistent: true, mandatory: true, headers: Object.assign(headers, more) },
  } as Options.Publish;
}

/**
 * Headers of a message of any producer, as text. Of one that has never heard of CloudEvents also the standard properties, under their AMQP names, so that
 * a contract can name them: `message-id`, `correlation-id`, `type`, `timestamp`, `app-id`.
 */
export function readHeaders(properties: MessageProperties): Readonly<Record<string, string>> {
  const given: Readonly<Record<string, unknown>> = properties.headers ?? {};
  const headers: Record<string, string> = {};
  for (const name in given) {
    const value = given[name];
    if (isServers(name) || isOwn(name)) continue;
    if (typeof value === 'string') headers[name] = value;
    else if (value !== null && value !== undefined) headers[name] = textOf(value);
  }
  if (headers['content-type'] === undefined && properties.contentType) headers['content-type'] = properties.contentType;
  return headers['ce-id'] === undefined ? withStandard(headers, properties) : headers;
}

/** The names of CloudEvents in AMQP are prefixed `cloudEvents:` or `cloudEvents_` (CloudEvents AMQP binding, section 3.1.3.1). */
const binding = /^cloudEvents[:_]([a-z0-9]+)$/;

function withStandard(headers: Record<string, string>, properties: MessageProperties): Record<string, string> {
  const add = (name: string, value: unknown) => {
    if (value !== undefined && value !== '' && headers[name] === undefined) headers[name] = textOf(value);
  };
  for (const name of Object.keys(headers)) {
    const attribute = binding.exec(name)?.[1];
    if (attribute !== undefined) add(`ce-${attribute}`, headers[name]);
  }
  if (!String(properties.messageId ?? '').startsWith(anonymousId)) add('message-id', properties.messageId);
  add('correlation-id', properties.correlationId);
  add('type', properties.type);
  add('app-id', properties.appId);
  if (typeof properties.timestamp === 'number') add('timestamp', isoOf(properties.timestamp));
  return headers;
}

/** Headers of a table: its numbers, flags, bytes, instants and nested tables as text, the last as JSON. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  const { '!': kind, value: inner } = value as { '!'?: unknown; value?: unknown };
  if (kind === 'timestamp') return isoOf(Number(inner));
  if (kind === 'decimal') {
    const { places, digits } = inner as { places: number; digits: number };
    const text = String(digits).padStart(places + 1, '0');
    return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
  }
  return JSON.stringify(value, (_, part: unknown) => {
    const bytes = part as { type?: unknown; data?: unknown } | null;
    // What a Buffer has made of itself by then.
    return bytes !== null && typeof bytes === 'object' && bytes.type === 'Buffer' && Array.isArray(bytes.data)
      ? new TextDecoder().decode(Uint8Array.from(bytes.data as number[]))
      : part;
  });
}

function isoOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}

/** Reserved by the server: what it writes about deliveries and deaths, and where it would send copies. */
function isServers(name: string): boolean {
  if (name === 'CC' || name === 'BCC') return true;
  if (name.charCodeAt(0) !== 120 || name.charCodeAt(1) !== 45) return false;
  return (
    name === 'x-delivery-count' ||
    name === 'x-acquired-count' ||
    name === 'x-death' ||
    /^x-(first|last)-death-/.test(name)
  );
}

function isOwn(name: string): boolean {
  return name.startsWith('x-sw-');
}

function tableOf(
  headers: Readonly<Record<string, string>>,
  partitionKey: string | undefined,
): Readonly<Record<string, string>> {
  const keyed = partitionKey !== undefined && headers[partitionHeader] === undefined;
  let reserved = false;
  for (const name in headers) if (isServers(name) || isOwn(name)) reserved = true;
  if (!keyed && !reserved) return headers;
  const table = Object.entries(headers).filter(([name]) => !isServers(name) && !isOwn(name));
  if (keyed) table.push([partitionHeader, encodeHeaderValue(partitionKey)]);
  return Object.fromEntries(table);
}

/** AMQP has 255 bytes for it; the header of the same meaning is whole. */
function shortText(text: string | undefined): string | undefined {
  if (text === undefined || text.length < 64) return text;
  return Buffer.byteLength(text) < 256 ? text : undefined;
}
