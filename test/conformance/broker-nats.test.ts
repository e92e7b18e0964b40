import { afterAll } from 'vitest';
import { tcpProxy } from '../../harness/live/tcp-proxy.js';
import { natsBroker } from '../../runtime/brokers/nats.js';
import { systemClock } from '../../runtime/clock.js';
import { atHand, describeWith, serverKinds } from './at-hand.js';
import { brokerConformance } from './broker.js';
import { removeQueues, until } from './nats/under-test.js';

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

  // The suite names everything with eight hexadecimal digits in front.
  afterAll(() => removeQueues(url, /^[0-9a-f]{8}_/));
});
