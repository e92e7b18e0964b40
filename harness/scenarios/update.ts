import { scenario } from './compose.js';
import { edgesWhere, isEntity, receivedEdges } from './edges.js';

export const update = scenario({
  id: 'update',
  title: 'A thing that is known changes.',
  after: ['converged', 'nothing-lost'],
  edges: (subject) =>
    edgesWhere(receivedEdges(subject), isEntity, 'no message is about an entity of which there may be several'),
  simple: [
    (story) => {
      story.tell('e1', 'created');
      story.tell('e1', 'updated');
    },
    // An update of something that nobody has heard of.
    (story) => void story.tell('e1', 'updated'),
    (story) => {
      story.tell('e1', 'created');
      story.tell('e2', 'created');
      story.tell('e1', 'updated');
      story.tell('e2', 'updated');
    },
  ],
});
