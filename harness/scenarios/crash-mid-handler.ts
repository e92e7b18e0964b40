import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const crashMidHandler = scenario({
  id: 'crash-mid-handler',
  title: 'The process dies after its work, before the commit.',
  after: ['nothing-lost', 'effect-once', 'converged'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => story.fault({ fault: 'crash', service: story.to, point: 'in-transaction', step: story.tell() }),
    (story) => {
      story.fault({ fault: 'crash', service: story.to, point: 'in-transaction', step: story.tell() });
      story.tell();
    },
  ],
});
