import { scenario } from './compose.js';
import { edgesWhere, isDeletable, receivedEdges } from './edges.js';

export const staleAfterDelete = scenario({
  id: 'stale-after-delete',
  title: 'An older message comes after the deletion.',
  after: ['deleted-stays-deleted', 'converged'],
  edges: (subject) => edgesWhere(receivedEdges(subject), isDeletable, 'no entity that can be deleted'),
  simple: [
    (story) => {
      story.fault({ fault: 'delay', step: story.tell('e1', 'created'), to: story.to, byMs: 60 });
      story.tell('e1', 'deleted');
    },
    (story) => {
      story.tell('e1', 'created');
      story.fault({ fault: 'delay', step: story.tell('e1', 'updated'), to: story.to, byMs: 60 });
      story.tell('e1', 'deleted');
    },
    (story) => {
      story.fault({ fault: 'duplicate', step: story.tell('e1', 'created'), to: story.to, afterMs: 60 });
      story.tell('e1', 'deleted');
    },
    // Created again: the deletion is the one that comes too late.
    (story) => {
      story.tell('e1', 'created');
      story.fault({ fault: 'delay', step: story.tell('e1', 'deleted'), to: story.to, byMs: 60 });
      story.tell('e1', 'created');
    },
  ],
});
