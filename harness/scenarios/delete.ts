import { scenario } from './compose.js';
import { edgesWhere, isDeletable, receivedEdges } from './edges.js';

export const deletion = scenario({
  id: 'delete',
  title: 'A thing is deleted.',
  after: ['converged', 'deleted-stays-deleted'],
  edges: (subject) => edgesWhere(receivedEdges(subject), isDeletable, 'no entity that can be deleted'),
  simple: [
    (story) => {
      story.tell('e1', 'created');
      story.tell('e1', 'deleted');
    },
    // And is created again.
    (story) => {
      story.tell('e1', 'created');
      story.tell('e1', 'deleted');
      story.tell('e1', 'created');
    },
  ],
});
