import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const storeFails = scenario({
  id: 'store-fails',
  title: 'The store rejects a commit.',
  after: ['nothing-lost', 'effect-once', 'converged'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => story.fault({ fault: 'store-fails', service: story.to, step: story.tell(), how: 'error' }),
    (story) => story.fault({ fault: 'store-fails', service: story.to, step: story.tell(), how: 'away', times: 2 }),
    (story) => {
      story.fault({ fault: 'store-fails', service: story.to, step: story.tell('e1'), how: 'refused' });
      story.tell('e2');
    },
  ],
});
