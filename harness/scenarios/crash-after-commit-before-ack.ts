import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const crashAfterCommitBeforeAck = scenario({
  id: 'crash-after-commit-before-ack',
  title: 'The process dies after the commit, before the broker knows.',
  after: ['effect-once', 'acknowledged-after-commit'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => story.fault({ fault: 'crash', service: story.to, point: 'committed', step: story.tell() }),
    (story) => story.fault({ fault: 'crash', service: story.to, point: 'settling', step: story.tell() }),
    (story) => {
      story.fault({ fault: 'crash', service: story.to, point: 'committed', step: story.tell() });
      story.tell();
    },
  ],
});
