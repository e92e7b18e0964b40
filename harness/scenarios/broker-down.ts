import { scenario } from './compose.js';
import { edgesOf, edgesWhere, nobody } from './edges.js';

export const brokerDown = scenario({
  id: 'broker-down',
  title: 'The broker is gone for seconds.',
  after: ['nothing-lost', 'converged', 'comes-to-rest'],
  edges: (subject) => edgesWhere(edgesOf(subject), () => true, nobody),
  simple: [
    (story) => {
      story.fault({ fault: 'cut', service: 'all', atMs: 0, forMs: 3_000 });
      story.tell();
    },
    (story) => {
      story.tell();
      story.fault({ fault: 'cut', service: 'all', atMs: story.nowMs, forMs: 3_000 });
      story.tell();
    },
  ],
});
