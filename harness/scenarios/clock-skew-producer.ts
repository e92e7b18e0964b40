import { scenario } from './compose.js';
import { edgesWhere, isEntity, receivedEdges } from './edges.js';

export const clockSkewProducer = scenario({
  id: 'clock-skew-producer',
  title: 'The clock of the sender is wrong, or is put right.',
  after: ['converged', 'version-never-goes-back'],
  edges: (subject) =>
    edgesWhere(receivedEdges(subject), isEntity, 'no message is about an entity of which there may be several'),
  simple: [
    (story) => {
      story.tell('e1');
      story.fault({ fault: 'skew', service: story.from, behindMs: 5_000, atMs: story.nowMs });
      story.pause(5).tell('e1');
      story.tell('e1');
    },
    (story) => {
      story.fault({ fault: 'skew', service: story.from, aheadMs: 60_000 });
      story.tell('e1');
      story.tell('e1');
    },
  ],
});
