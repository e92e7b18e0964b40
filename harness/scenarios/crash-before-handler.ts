import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const crashBeforeHandler = scenario({
  id: 'crash-before-handler',
  title: 'The process dies when it gets a message, before it does anything.',
  after: ['nothing-lost', 'comes-to-rest'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => story.fault({ fault: 'crash', service: story.to, point: 'delivered', step: story.tell() }),
    (story) => {
      story.fault({ fault: 'crash', service: story.to, point: 'delivered', step: story.tell() });
      story.tell();
    },
  ],
});
