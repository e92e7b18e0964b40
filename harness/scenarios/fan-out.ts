import { scenario } from './compose.js';
import { edgesWhere, tellingEdges } from './edges.js';

export const fanOut = scenario({
  id: 'fan-out',
  title: 'Several services follow one entity.',
  after: ['routed-once', 'converged'],
  edges: (subject) =>
    edgesWhere(
      tellingEdges(subject),
      (edge) => edge.id.includes('->'),
      'the service owns no entity that several services follow',
    ),
  simple: [
    (story) => void story.everybody().tell(),
    (story) => {
      story.everybody().fault({ fault: 'crash', service: story.to, point: 'delivered', step: story.tell() });
      story.tell();
    },
    (story) => {
      story.everybody().fault({ fault: 'lag', to: story.to, byMs: 500 });
      story.tell();
      story.tell();
    },
  ],
});
