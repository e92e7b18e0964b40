import { scenario } from './compose.js';
import { edgesWhere, isEntity, receivedEdges } from './edges.js';

export const forceSync = scenario({
  id: 'force-sync',
  title: 'The owner tells again what it has told before.',
  after: ['force-respected', 'version-never-goes-back', 'converged'],
  edges: (subject) =>
    edgesWhere(receivedEdges(subject), isEntity, 'no message is about an entity of which there may be several'),
  simple: [
    (story) => {
      story.tell('e1');
      story.force('e1');
    },
    // A newer change is faster.
    (story) => {
      story.tell('e1');
      story.fault({ fault: 'delay', step: story.force('e1'), to: story.to, byMs: 60 });
      story.tell('e1', 'updated');
    },
    (story) => {
      story.tell('e1');
      story.fault({ fault: 'duplicate', step: story.force('e1'), to: story.to, afterMs: 20 });
    },
    // At the same instant: the id of the forced message may sort below that of the first.
    (story) => {
      story.tell('e1');
      story.atOnce().force('e1');
    },
    (story) => {
      story.tell('e1');
      story.tell('e1', 'updated');
      story.atOnce().force('e1');
      story.atOnce().force('e1');
    },
    // The first message never came through.
    (story) => {
      story.fault({ fault: 'delay', step: story.tell('e1'), to: story.to, byMs: 80 });
      story.force('e1');
    },
  ],
});
