import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const consumerRebalance = scenario({
  id: 'consumer-rebalance',
  title: 'A second process of the service takes messages from the same queue.',
  after: ['effect-once', 'converged', 'version-never-goes-back'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => {
      story.fault({ fault: 'second-instance', service: story.to, atMs: 0 }).pause(20);
      story.tell();
      story.tell();
    },
    // One of the two dies with a message in its hands.
    (story) => {
      story.fault({ fault: 'second-instance', service: story.to, atMs: 0 }).pause(20);
      story.tell();
      story.fault({ fault: 'crash', service: story.to, point: 'in-transaction', step: story.tell(), reviveMs: 200 });
    },
    (story) => {
      story.tell();
      story.fault({ fault: 'second-instance', service: story.to, atMs: story.nowMs });
      story.fault({ fault: 'duplicate', step: story.tell(), to: story.to, afterMs: 0 });
    },
  ],
  random(story) {
    story.fault({ fault: 'second-instance', service: story.to, atMs: story.random.between(0, story.nowMs) });
    story.pause(story.random.between(0, 30)).workload(story.random.between(2, 6));
  },
});
