import { scenario } from './compose.js';
import { copiesOfEntities } from './edges.js';

export const fullSyncDuringLive = scenario({
  id: 'full-sync-during-live',
  title: 'Changes come in while the service reads everything that the owner has.',
  after: ['converged', 'version-never-goes-back', 'no-echo'],
  edges: copiesOfEntities,
  simple: [
    // The page is older than what comes in while it is on its way.
    (story) => {
      story.tell('e1');
      story.pause(20).fullSync(40);
      story.tell('e1');
    },
    (story) => {
      story.tell('e1');
      story.fullSync(40);
      story.tell('e1');
      story.tell('e2');
      story.fullSync(40);
      story.tell('e2');
    },
    // The change is later than the page that holds it.
    (story) => {
      story.fault({ fault: 'delay', step: story.tell('e1'), to: story.to, byMs: 60 });
      story.fullSync();
    },
  ],
});
