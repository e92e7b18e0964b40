import { afterAll, describe } from 'vitest';
import { describeWith } from './at-hand.js';
import { brokerConformance, brokerParts } from './broker.js';
import { kafkaParts } from './kafka/cluster.js';
import { kafkaAtHand, kafkaUnderTest } from './kafka/under-test.js';

const capabilities = {
  // Of a real cluster; the mock keeps its data in memory, and nothing here restarts it.
  persistent: true,
  unroutableDetected: false,
  orderPerKey: true,
  delayedRetry: true,
  competingConsumers: true,
};

const server = await kafkaAtHand();
afterAll(() => server.mock?.dispose());

// A group takes three seconds to form: the parts of the suite wait for theirs at the same time.
describeWith('kafka', server, (url) => {
  for (const part of brokerParts) {
    describe.concurrent(part, () => {
      describe.sequential('in turn', () => {
        brokerConformance('kafka', {
          capabilities,
          partitionsToShare: 4,
          only: [part],
          make: () => kafkaUnderTest(url),
        });
      });
    });
  }
  for (const [title, tests] of Object.entries(kafkaParts)) {
    describe.concurrent(title, () => {
      describe.sequential('in turn', () => tests(url));
    });
  }
});
