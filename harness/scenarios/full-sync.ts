import { scenario } from './compose.js';
import { consumingEdges, edgesWhere } from './edges.js';

export const fullSync = scenario({
  id: 'full-sync',
  title: 'The service reads everything that the owner has.',
  after: ['converged', 'no-echo'],
  edges: (subject) =>
    edgesWhere(
      consumingEdges(subject),
      (edge) => edge.role === 'copy' && edge.source.kind === 'entity',
      'the service keeps no copy of an entity',
    ),
  simple: [
    (story) => {
      story.refer('e1').changeSilently('e1');
      story.fullSync();
    },
    (story) => {
      story.tell('e1');
      story.pause(20).fullSync();
    },
    (story) => {
      story.tell('e1');
      story.tell('e2');
      story.changeSilently('e1');
      story.pause(20).fullSync();
      story.pause(20).fullSync();
    },
  ],
});
