import { scenario } from './compose.js';
import { copiesOfEntities } from './edges.js';

export const fullSync = scenario({
  id: 'full-sync',
  title: 'The service reads everything that the owner has.',
  after: ['converged', 'no-echo'],
  edges: copiesOfEntities,
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
