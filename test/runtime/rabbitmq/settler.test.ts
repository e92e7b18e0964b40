import type { Channel, ConsumeMessage } from 'amqplib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Manner, Settler } from '../../../runtime/brokers/rabbitmq/settler.js';

/** A server that keeps what AMQP says: an acknowledgement of several takes all open tags up to its own, and an unknown tag breaks the channel. */
function serverWith(count: number) {
  const open = new Set(Array.from({ length: count }, (_, index) => index + 1));
  const told: string[] = [];
  const settle = (how: string, tag: number, several: boolean): void => {
    if (!open.has(tag)) throw new Error(`unknown delivery tag ${tag}`);
    told.push(`${how} ${tag}${several ? ' and before' : ''}`);
    for (const each of [...open]) if (each === tag || (several && each < tag)) open.delete(each);
  };
  const channel = {
    ack: ({ fields }: ConsumeMessage, several = false) => settle('ack', fields.deliveryTag, several),
    nack: ({ fields }: ConsumeMessage) => settle('nack', fields.deliveryTag, false),
  } as unknown as Channel;
  return { open, told, channel };
}

const delivery = (deliveryTag: number) => ({ fields: { deliveryTag } }) as ConsumeMessage;

/** Moments that last until the test ends them. */
function momentsOf(prefetch: number): Manner & { readonly end: () => void } {
  const waiting: (() => void)[] = [];
  return {
    prefetch,
    later: (run) => void waiting.push(run),
    end() {
      for (const run of waiting.splice(0)) run();
    },
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('settling deliveries of a channel', () => {
  it('tells of many with one frame', async () => {
    const { told, open, channel } = serverWith(500);
    const settler = new Settler(channel, momentsOf(500));
    for (let tag = 1; tag <= 500; tag++) settler.ack(delivery(tag));
    await turn();
    expect([told, open.size]).toEqual([['ack 500 and before'], 0]);
  });

  it('tells of few in a moment, and of them together', async () => {
    const { told, open, channel } = serverWith(10);
    const moments = momentsOf(100);
    const settler = new Settler(channel, moments);
    for (let tag = 1; tag <= 10; tag++) {
      settler.ack(delivery(tag));
      await turn();
    }
    expect(told).toEqual([]);
    moments.end();
    expect([told, open.size]).toEqual([['ack 10 and before'], 0]);
  });

  it('lets no server wait that may have but one open', async () => {
    const { told, channel } = serverWith(3);
    const settler = new Settler(channel, momentsOf(1));
    for (let tag = 1; tag <= 3; tag++) {
      settler.ack(delivery(tag));
      await turn();
    }
    expect(told).toEqual(['ack 1 and before', 'ack 2 and before', 'ack 3 and before']);
  });

  it('leaves out the one that is open, and tells of those behind it one by one', () => {
    const { told, open, channel } = serverWith(5);
    const settler = new Settler(channel, momentsOf(10));
    for (const tag of [1, 2, 4, 5]) settler.ack(delivery(tag));
    settler.flush();
    expect([told, [...open]]).toEqual([['ack 4', 'ack 5', 'ack 2 and before'], [3]]);
    settler.ack(delivery(3));
    settler.flush();
    expect(told.at(-1)).toBe('ack 3 and before');
  });

  it('settles what it is told to settle and nothing else, in any order', () => {
    const steps = fc.array(fc.tuple(fc.nat(), fc.constantFrom('ack', 'giveBack', 'flush')), { maxLength: 80 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), steps, (count, chosen) => {
        const { open, channel } = serverWith(count);
        const settler = new Settler(channel, momentsOf(100));
        const left = new Set(open);
        for (const [pick, how] of chosen) {
          const tag = [...left][pick % Math.max(left.size, 1)];
          if (how === 'flush') settler.flush();
          else if (tag !== undefined && left.delete(tag)) settler[how as 'ack' | 'giveBack'](delivery(tag));
          if (how === 'flush') expect([...open]).toEqual([...left]);
        }
        settler.flush();
        expect([...open]).toEqual([...left]);
      }),
    );
  });
});
