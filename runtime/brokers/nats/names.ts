import { createHash } from 'node:crypto';

/** Longest name as it is; JetStream takes 255 characters for the name of a stream, and names files after it. */
const lengthMax = 180;

/**
 * A name of a contract as one token of a subject, the name of a stream or a part of a key: letters, digits and `-` as they are, `.` as `_`, every other
 * byte of its UTF-8 as `=HH`. Two names never become one token. A very long name ends in its hash instead (`=h`, which no byte becomes).
 */
export function token(name: string): string {
  let text = '';
  for (const byte of new TextEncoder().encode(name)) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9-]/.test(char)) text += char;
    else text += char === '.' ? '_' : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  if (text.length <= lengthMax) return text;
  // Cut before an escape, not inside it.
  const start = text.slice(0, lengthMax - 34).replace(/=.?$/, '');
  return `${start}=h${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}

/** Stream that holds the messages of a queue. */
export function streamOf(queue: string): string {
  return `SW_${token(queue)}`;
}

/** Subject of one partition of a queue. */
export function subjectOf(queue: string, partition: number): string {
  return `sw.queue.${token(queue)}.${partition}`;
}

/** Subject of the messages of a queue that wait for their next try. */
export function retrySubjectOf(queue: string): string {
  return `sw.queue.${token(queue)}.retry`;
}

/** Durable consumer of one partition. */
export function consumerOf(partition: number): string {
  return `partition-${partition}`;
}

/** Durable consumer of the messages that wait for their next try. */
export const retryConsumer = 'retry';

/** Key-value bucket with what streams cannot say: which queue is bound where, and the settings of queues. */
export const bucket = 'seamwright';
export const bucketStream = `KV_${bucket}`;
export const bucketPrefix = `$KV.${bucket}.`;

export const keys = {
  exchange: (exchange: string) => `exchange.${token(exchange)}`,
  binding: (exchange: string, queue: string) => `binding.${token(exchange)}.${token(queue)}`,
  /** Every binding of an exchange, as a subject filter reads it. */
  bindings: (exchange: string) => `binding.${token(exchange)}.*`,
  queue: (queue: string) => `queue.${token(queue)}`,
};
