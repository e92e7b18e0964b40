import { createHash } from 'node:crypto';

/** Topic that tells every client of a cluster which queues are declared and what they are bound to. */
export const topologyTopic = 'seamwright.topology';

const ownSuffix = '.queue';
const longest = 249;

/** Topic of an exchange. */
export function exchangeTopic(exchange: string): string {
  return legal(exchange, exchange.endsWith(ownSuffix) || exchange === topologyTopic);
}

/** The topic of a queue's own: what is sent to the queue by its name, such as a replayed dead letter. */
export function ownTopic(queue: string): string {
  return `${legal(queue, false, longest - ownSuffix.length)}${ownSuffix}`;
}

/** Topic of dead letters or of a retry step, which the topology names itself. */
export function namedTopic(name: string): string {
  return exchangeTopic(name);
}

/**
 * A name as Kafka takes it: letters, digits, `.`, `_` and `-`, at most 249 characters. What has to be changed gets a hash of the whole name, so that two
 * names never meet in one topic.
 */
function legal(name: string, taken: boolean, length = longest): string {
  // Neither may a name that looks as if it had such a hash already.
  if (
    !taken &&
    !/-[0-9a-f]{12}$/.test(name) &&
    name.length <= length &&
    /^[a-zA-Z0-9._-]+$/.test(name) &&
    name !== '.' &&
    name !== '..'
  )
    return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${name.replace(/[^a-zA-Z0-9._-]/g, '-').slice(0, length - hash.length - 1)}-${hash}`;
}
