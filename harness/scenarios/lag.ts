import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const lag = scenario({
  id: 'lag',
  title: 'The service is far behind.',
  after: ['converged', 'nothing-lost'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => {
      story.tell();
      story.tell();
      story.fault({ fault: 'lag', to: story.to, byMs: 3_000 });
    },
  ],
});
