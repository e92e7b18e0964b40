import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const duplicateConcurrent = scenario({
  id: 'duplicate-concurrent',
  title: 'A message comes twice at the same time.',
  after: ['effect-once', 'converged'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => story.fault({ fault: 'duplicate', step: story.tell(), to: story.to, afterMs: 0 }),
    (story) => {
      story.fault({ fault: 'duplicate', step: story.tell(), to: story.to, afterMs: 0 });
      story.fault({ fault: 'duplicate', step: story.tell(), to: story.to, afterMs: 0 });
    },
    (story) => {
      story.fault({ fault: 'second-instance', service: story.to, atMs: 0 }).pause(20);
      story.fault({ fault: 'duplicate', step: story.tell(), to: story.to, afterMs: 0 });
    },
  ],
});
