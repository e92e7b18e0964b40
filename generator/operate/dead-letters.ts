import { createHash } from 'node:crypto';
import type { Queue } from '../../runtime/brokers/broker.js';
import { deadLetterHeaders } from '../../runtime/brokers/dead-letter.js';
import { failureHeaders } from '../../runtime/consume/dead-letter.js';
import type { Envelope, WireMessage } from '../../runtime/envelope.js';
import { decodeHeaderValue } from '../../runtime/header-value.js';
import { decode, messageType } from '../../runtime/wire.js';
import { type RunningService, type RunningSystem, serviceNamed } from './system.js';

/** One message in the dead letters of one queue, with what its headers tell of how it came there. */
export interface DeadLetter {
  readonly service: string;
  readonly queue: Queue;
  /** Message id; of a message that nobody can read `#` and the beginning of its hash. */
  readonly id: string;
  /** Message name of the contract, as far as it says one. */
  readonly message?: string;
  readonly entity?: string;
  readonly entityId?: string;
  readonly reason: string;
  /** Consumers that failed; empty when nobody could read it. */
  readonly consumers: readonly string[];
  readonly attempts?: number;
  /** Milliseconds since the epoch. */
  readonly firstFailedAt?: number;
  readonly lastFailedAt?: number;
  readonly firstError?: string;
  readonly lastError?: string;
  readonly detail?: string;
  readonly version?: string;
  readonly envelope?: Envelope;
  /** Why there is no `envelope`. */
  readonly problem?: string;
  readonly wire: WireMessage;
}

/** What to look for; everything given must hold. */
export interface DeadLetterFilter {
  readonly ids?: readonly string[];
  readonly service?: string;
  readonly reason?: string;
  readonly message?: string;
  /** `<service>.<copy or handler>`, or only what follows the dot. */
  readonly consumer?: string;
  readonly entity?: string;
  readonly entityId?: string;
  /** Failed last at or after this instant, ms since the epoch. */
  readonly since?: number;
}

export interface DeadLetterList {
  /** Oldest first within a queue. */
  readonly found: readonly DeadLetter[];
  /** How many there are in the queues looked at, matching or not, as far as was looked. */
  readonly looked: number;
  /** True when a queue holds more than was looked at. */
  readonly more: boolean;
}

/** Dead letters of every service, or of one; takes nothing away. At most `limit` of them are answered, and at most `lookMax` of each queue read. */
export async function listDeadLetters(
  system: RunningSystem,
  filter: DeadLetterFilter,
  { limit, lookMax = 10_000 }: { readonly limit: number; readonly lookMax?: number },
): Promise<DeadLetterList> {
  const found: DeadLetter[] = [];
  let looked = 0;
  let more = false;
  for (const service of servicesOf(system, filter)) {
    for (const queue of service.queues) {
      if ((await system.broker.admin.depth(queue)) === null) continue;
      const messages = await system.broker.admin.deadLetters(queue, { limit: lookMax });
      looked += messages.length;
      more ||= messages.length >= lookMax;
      for (const wire of messages) {
        const letter = readDeadLetter(service, queue, wire);
        if (!matches(letter, filter)) continue;
        if (found.length < limit) found.push(letter);
        else more = true;
      }
    }
  }
  return { found, looked, more };
}

/** Services whose dead letters a filter may mean. Throws `UsageError` for a name that the contracts do not know. */
export function servicesOf(system: RunningSystem, { service }: DeadLetterFilter): readonly RunningService[] {
  return service === undefined ? system.services : [serviceNamed(system, service)];
}

export function matches(letter: DeadLetter, filter: DeadLetterFilter): boolean {
  const { ids, consumer, since } = filter;
  const same = (wanted: string | undefined, value: string | undefined) => wanted === undefined || wanted === value;
  return (
    (ids === undefined || ids.includes(letter.id)) &&
    same(filter.service, letter.service) &&
    same(filter.reason, letter.reason) &&
    same(filter.message, letter.message) &&
    (consumer === undefined ||
      letter.consumers.some((name) => name === consumer || name === `${letter.service}.${consumer}`)) &&
    same(filter.entity, letter.entity) &&
    same(filter.entityId, letter.entityId) &&
    // One without a time was put there by the broker, nobody knows when: it is never hidden.
    (since === undefined || letter.lastFailedAt === undefined || letter.lastFailedAt >= since)
  );
}

/** Reads a dead letter. Never throws: whoever sent it may have sent anything. */
export function readDeadLetter(service: RunningService, queue: Queue, wire: WireMessage): DeadLetter {
  const header = (name: string): string | undefined => {
    const value = Object.hasOwn(wire.headers, name) ? wire.headers[name] : undefined;
    return value === undefined ? undefined : (decodeHeaderValue(value) ?? value);
  };
  const number = (name: string): number | undefined => {
    const value = Number(header(name) ?? Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  const message = messageType(wire);
  const consumers = service.consumers.filter(({ definition }) => definition.message.name === message);
  const definition = consumers[0]?.definition.message;
  const decoded = decode(wire, definition?.envelope, definition?.headers);
  const envelope = decoded.ok ? decoded.envelope : undefined;
  const about = envelope && entityOf(service, envelope);
  return {
    service: service.name,
    queue,
    id: envelope?.id ?? `#${hashOfWire(wire)}`,
    ...defined('message', message),
    ...defined('entity', about?.entity),
    ...defined('entityId', about?.id ?? envelope?.subject),
    reason: header(deadLetterHeaders.reason) ?? 'unknown',
    consumers: (header(failureHeaders.consumer) ?? '').split(',').filter((name) => name !== ''),
    ...defined('attempts', number(deadLetterHeaders.attempts)),
    ...defined('firstFailedAt', number(failureHeaders.firstFailedAt)),
    ...defined('lastFailedAt', number(failureHeaders.lastFailedAt)),
    ...defined('firstError', header(failureHeaders.firstError)),
    ...defined('lastError', header(failureHeaders.lastError)),
    ...defined('detail', header(failureHeaders.detail)),
    ...defined('version', header(failureHeaders.version)),
    ...defined('envelope', envelope),
    ...(!decoded.ok && { problem: decoded.problem }),
    wire,
  };
}

/** The entity that a message is about, as its consumers read it. */
function entityOf(
  service: RunningService,
  envelope: Envelope,
): { readonly entity: string; readonly id: string } | undefined {
  for (const consumer of service.consumers) {
    if (consumer.definition.message.name !== envelope.type) continue;
    if (consumer.kind === 'replica') {
      return { entity: consumer.definition.entity, id: consumer.definition.key(envelope.data) };
    }
    const { guard } = consumer.definition;
    if (guard !== undefined) return { entity: guard.entity, id: guard.key(envelope.data) };
  }
  return undefined;
}

function hashOfWire({ headers, body }: WireMessage): string {
  const own = Object.entries(headers)
    .filter(([name]) => !name.startsWith('sw-'))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(own)).update(body).digest('hex').slice(0, 12);
}

function defined<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}
