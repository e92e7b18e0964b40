import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const unknownField = scenario({
  id: 'unknown-field',
  title: 'A message says more than its contract.',
  after: ['nothing-lost', 'no-blocking'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => {
      story.fault({ fault: 'unknown-field', step: story.tell('e1'), of: story.from });
      story.tell('e2');
    },
  ],
});
