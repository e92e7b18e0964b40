import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const create = scenario({
  id: 'create',
  title: 'A new thing is told for the first time.',
  after: ['converged', 'nothing-lost', 'effect-once'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => void story.tell(),
    (story) => {
      story.tell('e1');
      story.tell('e2');
    },
  ],
});
