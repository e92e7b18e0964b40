import type { WireMessage } from '../envelope.js';
import { encodeHeaderValue } from '../header-value.js';
import { readPayload } from '../wire.js';
import type { ConsumerTable } from './consumer.js';

/** A message with the headers that say what it is, or in one sentence why nobody can know. */
export type ToldApart =
  | { readonly ok: true; readonly type: string; readonly wire: WireMessage }
  | { readonly ok: false; readonly problem: string };

/**
 * Finds out what a message without `ce-type` is, as producers send it that know nothing of CloudEvents: the only one of the consumed messages whose
 * contract its payload keeps. It then goes on as if its producer had said so, and may be parked and read again like any other.
 */
export function tellApart(table: ConsumerTable, wire: WireMessage): ToldApart {
  const payload = readPayload(wire);
  if (!payload.ok) return payload;
  const candidates = [...table].flatMap(([type, [consumer]]) =>
    consumer?.definition.message.validate(payload.value) ? [{ type, consumer }] : [],
  );
  const [only, ...others] = candidates;
  if (only === undefined) return { ok: false, problem: 'the message has no type and fits none that is consumed here' };
  if (others.length > 0) {
    return {
      ok: false,
      problem: `the message has no type and fits several: ${candidates.map((one) => one.type).join(', ')}`,
    };
  }
  const { type, consumer } = only;
  const declared = Object.entries(consumer.definition.message.headers ?? {});
  const names = declared.some(([name, attribute]) => attribute === 'source' && wire.headers[name]);
  const source = consumer.kind === 'replica' ? consumer.definition.owner : 'unknown';
  const headers = {
    ...(!names && { 'ce-source': encodeHeaderValue(source) }),
    ...wire.headers,
    'ce-type': encodeHeaderValue(type),
  };
  return { ok: true, type, wire: { ...wire, headers } };
}
