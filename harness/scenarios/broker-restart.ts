import { scenario } from './compose.js';
import { edgesOf, edgesWhere, nobody } from './edges.js';

export const brokerRestart = scenario({
  id: 'broker-restart',
  title: 'The broker starts anew: everybody has to connect again.',
  after: ['nothing-lost', 'effect-once', 'converged'],
  edges: (subject) => edgesWhere(edgesOf(subject), () => true, nobody),
  simple: [
    (story) => {
      story.tell();
      story.fault({ fault: 'cut', service: 'all', atMs: story.nowMs - 4, forMs: 50 });
      story.tell();
    },
    (story) => {
      story.fault({ fault: 'cut', service: 'all', atMs: story.nowMs + 1, forMs: 50 });
      story.tell();
    },
  ],
});
