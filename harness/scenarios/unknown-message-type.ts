import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const unknownMessageType = scenario({
  id: 'unknown-message-type',
  title: 'A message comes that the service does not know.',
  after: ['no-blocking', 'comes-to-rest'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => {
      story.fault({ fault: 'unknown-type', step: story.tell('e1'), of: story.from });
      story.tell('e2');
    },
  ],
});
