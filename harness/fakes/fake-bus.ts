import { type MemoryBroker, memoryBroker } from '../../runtime/brokers/memory.js';
import type { Clock } from '../../runtime/clock.js';
import type { MessageDefinition } from '../../runtime/definition.js';
import type { Envelope } from '../../runtime/envelope.js';
import { decode, encode } from '../../runtime/wire.js';
import { uuidOf } from '../plan.js';

/** A message as a test hands it in: the payload, and what of the envelope matters. */
export interface GivenMessage<M> extends Partial<Omit<Envelope, 'data'>> {
  readonly data: M;
}

/** A bus of one process: services are given `broker`, tests look at what went over it and put messages on it. */
export interface FakeBus {
  readonly broker: MemoryBroker;
  /** Everything that was published, oldest first, as `tap` declared it. */
  published(): readonly Envelope[];
  /** Publishes a message as its owner would; missing attributes are made up, the same each time. Throws `TypeError` when the payload breaks its contract. */
  publish<M>(
    message: MessageDefinition<M>,
    address: { readonly exchange: string; readonly key: string },
    given: GivenMessage<M>,
  ): Promise<void>;
}

const tap = 'seamwright.fake.tap';

/** `exchanges`: those of the services that are given the bus, so that everything that goes over them is seen. */
export async function fakeBus(options: {
  readonly exchanges: readonly {
    readonly name: string;
    readonly kind: 'topic' | 'direct' | 'fanout';
    readonly keys?: readonly string[];
  }[];
  readonly clock?: Clock;
}): Promise<FakeBus> {
  const broker = memoryBroker(options.clock === undefined ? {} : { clock: options.clock });
  const bindings = options.exchanges.flatMap(({ name, kind, keys = ['#'] }) =>
    (kind === 'fanout' ? [''] : keys).map((key) => ({ exchange: name, key })),
  );
  await broker.declare({
    exchanges: options.exchanges.map(({ name, kind }) => ({ name, kind })),
    queues: [{ name: tap, service: 'test', bindings, deadLetter: `${tap}.dlq`, maxDeliveries: 1, partitions: 1 }],
  });
  let messages = 0;
  return {
    broker,
    published: () =>
      broker.messages(tap).flatMap((message) => {
        const decoded = decode(message);
        return decoded.ok ? [decoded.envelope] : [];
      }),
    async publish(message, address, { data, ...attributes }) {
      if (!message.validate(data)) throw new TypeError(`this is no valid ${message.name}`);
      messages += 1;
      const id = uuidOf(`fake ${messages}`);
      const envelope: Envelope = {
        ...{ id, source: 'test', type: message.name, time: '2026-01-01T00:00:00Z', dataversion: message.version },
        ...{ correlationid: id, ...attributes, data },
      };
      await broker.publish(address, encode(envelope, message.headers));
    },
  };
}
