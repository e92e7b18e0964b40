import type { NatsConnection as Link, Msg, MsgHdrs } from '@nats-io/transport-node';

/** A message that JetStream has handed to this client and waits to hear about. */
export interface Handed {
  readonly headers: MsgHdrs | undefined;
  readonly body: Uint8Array;
  /** 1 for the first hand-over by its consumer. */
  readonly deliveryCount: number;
  /** Position in its stream, and when it was stored there: together unique even when the stream was deleted and made again. */
  readonly sequence: string;
  readonly storedAtNs: string;
  ack(): void;
  /** Asks for another hand-over, at once or after a delay. */
  nak(delayMs?: number): void;
  /** Says that somebody still works on it. */
  working(): void;
}

/**
 * Reads what JetStream says about a message in its reply subject: `$JS.ACK.<stream>.<consumer>.<count>.<sequence>.<consumer sequence>.<time>.<pending>`,
 * where newer servers put domain and account before the stream (ADR-15 of nats-architecture-and-design). Undefined for anything else.
 */
export function handed(link: Link, message: Msg): Handed | undefined {
  const { reply = '', headers, data } = message;
  const tokens = reply.split('.');
  if (!reply.startsWith('$JS.ACK.') || tokens.length < 9) return undefined;
  const [, , count = '', sequence = '', , storedAtNs = ''] = tokens.slice(tokens.length === 9 ? 2 : 4);
  const answer = (text: string) => {
    // After the connection is closed the server hands the message to somebody else anyway.
    if (!link.isClosed()) link.publish(reply, text);
  };
  return {
    headers,
    body: data,
    deliveryCount: Number(count),
    sequence,
    storedAtNs,
    ack: () => answer('+ACK'),
    nak: (delayMs = 0) =>
      answer(delayMs > 0 ? `-NAK ${JSON.stringify({ delay: Math.ceil(delayMs * 1_000_000) })}` : '-NAK'),
    working: () => answer('+WPI'),
  };
}
