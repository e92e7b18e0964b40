import { scenario } from './compose.js';
import { edgesWhere, outboxEdges } from './edges.js';

export const outboxRelayDuplicate = scenario({
  id: 'outbox-relay-duplicate',
  title: 'A message leaves twice: its confirmation is lost, or two processes send.',
  after: ['effect-once', 'converged', 'bounded-attempts'],
  edges: (subject) => edgesWhere(outboxEdges(subject), () => true, 'the service sends nothing through an outbox'),
  simple: [
    (story) => story.fault({ fault: 'lose-confirm', service: story.from, step: story.tell() }),
    (story) => {
      story.fault({ fault: 'second-instance', service: story.from, atMs: 0 }).pause(20);
      story.tell();
      story.tell();
    },
    (story) => {
      story.fault({ fault: 'second-instance', service: story.from, atMs: 0 }).pause(20);
      story.fault({ fault: 'crash', service: story.from, point: 'published', step: story.tell() });
      story.tell();
    },
  ],
});
