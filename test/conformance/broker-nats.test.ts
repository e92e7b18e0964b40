import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll } from 'vitest';
import { tcpProxy } from '../../harness/live/tcp-proxy.js';
import { natsBroker } from '../../runtime/brokers/nats.js';
import { systemClock } from '../../runtime/clock.js';
import { atHand, describeWith, serverKinds } from './at-hand.js';
import { brokerConformance } from './broker.js';

describeWith('nats', await atHand(serverKinds.nats), (url) => {
  brokerConformance('nats', {
    capabilities: {
      persistent: true,
      unroutableDetected: true,
      orderPerKey: true,
      delayedRetry: true,
      competingConsumers: true,
    },
    async make() {
      const broker = await natsBroker(url);
      const others: (() => Promise<void>)[] = [];
      return {
        broker,
        clock: systemClock,
        until: (condition) => until(condition),
        async connect() {
          const { hostname, port } = new URL(url);
          const line = await tcpProxy({ host: hostname, port: Number(port) });
          const other = await natsBroker(line.through(url));
          others.push(async () => {
            await other.close();
            await line.close();
          });
          return {
            broker: other,
            async kill() {
              line.fail({ refuse: true });
              line.cut('reset');
            },
          };
        },
        async dispose() {
          await Promise.all([broker.close(), ...others.map((close) => close())]);
        },
      };
    },
  });

  afterAll(() => removeStreams(url));
});

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 25_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('the condition did not hold within 25 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The suite names everything with eight hexadecimal digits in front. */
async function removeStreams(url: string): Promise<void> {
  const link = await connect({ servers: new URL(url).host });
  const manager = await jetstreamManager(link);
  for await (const name of manager.streams.names()) {
    if (/^SW_[0-9a-f]{8}_/.test(name)) await manager.streams.delete(name);
  }
  await link.close();
}
