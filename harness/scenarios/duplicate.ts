import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const duplicate = scenario({
  id: 'duplicate',
  title: 'A message comes twice.',
  after: ['effect-once', 'converged'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => story.fault({ fault: 'duplicate', step: story.tell(), to: story.to, afterMs: 40 }),
    (story) => {
      story.fault({ fault: 'duplicate', step: story.tell(), to: story.to, afterMs: 40 });
      story.tell();
    },
  ],
});
