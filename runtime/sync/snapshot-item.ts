import { hashOf } from '../canonical.js';
import type { Replica } from '../consume/consumer.js';
import type { Envelope } from '../envelope.js';
import { formatInstant } from '../instant.js';
import type { Parts } from '../parts.js';
import { type Decoded, decode, encode } from '../wire.js';

/**
 * Reads an item of an owner's list: an envelope as `snapshotPage` makes it, or the bare message of a contract that carries version and time in its
 * body. Never throws: it comes from another service.
 */
export function readItem(parts: Parts, copies: readonly Replica[], item: unknown): Decoded {
  const definition = copies[0]?.definition;
  if (definition === undefined) return { ok: false, problem: 'no copy takes it' };
  const { message, owner } = definition;
  // Through the wire form and back, which checks every attribute.
  if (isEnvelope(item, message.name)) return decode(encode(item), message.envelope);
  const headers: Record<string, string> = { 'ce-type': message.name, 'ce-source': owner };
  if (message.envelope?.id === undefined) headers['ce-id'] = hashOf(item);
  if (message.envelope?.time === undefined) {
    headers['ce-time'] = formatInstant(BigInt(Math.floor(parts.clock.now() * 1000)));
  }
  const body = new TextEncoder().encode(JSON.stringify(item ?? null));
  const decoded = decode({ headers, body }, message.envelope);
  if (!decoded.ok) return decoded;
  return { ok: true, envelope: { ...decoded.envelope, op: decoded.envelope.op ?? 'snapshot', carries: 'state' } };
}

function isEnvelope(item: unknown, type: string): item is Envelope {
  return (
    typeof item === 'object' &&
    item !== null &&
    'data' in item &&
    Reflect.get(item, 'type') === type &&
    ['id', 'source', 'time'].every((name) => typeof Reflect.get(item, name) === 'string') &&
    // Attributes are texts and flags; of an object nobody knows what text would come.
    Object.entries(item).every(([name, value]) => name === 'data' || typeof value !== 'object')
  );
}
