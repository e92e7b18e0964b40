import { afterAll, beforeAll, describe } from 'vitest';
import { type RabbitmqServer, rabbitmqInstalled, rabbitmqServer } from '../../harness/live/servers/rabbitmq.js';
import { atHand, describeWith, serverKinds } from './at-hand.js';
import { brokerConformance } from './broker.js';
import { hasPartitions, rabbitmqUnderTest } from './rabbitmq/under-test.js';

const capabilities = {
  persistent: true,
  unroutableDetected: true,
  orderPerKey: true,
  delayedRetry: true,
  competingConsumers: true,
};

const found = await atHand(serverKinds.rabbitmq);

// Partitions need a plugin, which the server at hand may lack; a private one has it.
if ('url' in found || !rabbitmqInstalled()) {
  const orderPerKey = 'url' in found && (await hasPartitions(found.url));
  describeWith('on the server at hand', found, (url) => {
    brokerConformance('rabbitmq', {
      capabilities: { ...capabilities, orderPerKey },
      make: () => rabbitmqUnderTest(url, { orderPerKey }),
    });
  });
}

describe.skipIf(!rabbitmqInstalled())('on a private server with the plugin for partitions', () => {
  let server: RabbitmqServer | null;
  beforeAll(async () => {
    server = await rabbitmqServer({ plugins: ['rabbitmq_consistent_hash_exchange'] });
  });
  afterAll(() => server?.dispose());

  brokerConformance('rabbitmq', {
    capabilities,
    make: () => rabbitmqUnderTest(server?.url ?? '', { orderPerKey: true }),
  });
});
