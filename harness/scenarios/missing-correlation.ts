import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const missingCorrelation = scenario({
  id: 'missing-correlation',
  title: 'A message says nothing of what led to it.',
  after: ['correlation-kept', 'nothing-lost'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => story.fault({ fault: 'no-correlation', step: story.tell('e1'), of: story.from }),
    (story) => {
      story.fault({ fault: 'no-correlation', step: story.tell('e1'), of: story.from });
      story.tell('e1');
    },
  ],
});
