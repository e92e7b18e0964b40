import { deadLetterHeaders } from '../dead-letter.js';
import type { NatsConnection } from './connection.js';
import type { Handed } from './handed.js';
import { decodeMessage, type Encoded, encodeMessage } from './message.js';
import { streamOf, subjectOf } from './names.js';

/** Longest value of an added header when the whole would be too large for the server. */
const valueMax = 512;

/**
 * Moves a message to the dead letters of its queue with `headers` added: stored there first, then acknowledged. Repeated after a crash in between, it is
 * stored once.
 */
export async function bury(
  connection: NatsConnection,
  from: { readonly name: string; readonly deadLetter: string },
  message: Handed,
  attempt: number,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const facts = { [deadLetterHeaders.queue]: from.name, [deadLetterHeaders.attempts]: String(attempt), ...headers };
  const { headers: all, body } = letter(connection, message, facts);
  const msgID = `dead ${streamOf(from.name)} ${message.sequence} ${message.storedAtNs}`;
  await connection.ask(() =>
    connection.jetstream.publish(subjectOf(from.deadLetter, 0), body, { headers: all, msgID }),
  );
  message.ack();
}

function letter(connection: NatsConnection, message: Handed, added: Readonly<Record<string, string>>): Encoded {
  const { headers, body } = decodeMessage(message.headers, message.body);
  const encoded = (more: Readonly<Record<string, string>>) =>
    encodeMessage({ headers: { ...headers, ...more }, body }, connection.headers(), connection.maxPayload, 0);
  try {
    return encoded(added);
  } catch {
    // A stack of errors must not keep a message out of the dead letters.
    return encoded(Object.fromEntries(Object.entries(added).map(([name, value]) => [name, value.slice(0, valueMax)])));
  }
}
