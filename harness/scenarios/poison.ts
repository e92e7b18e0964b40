import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const poison = scenario({
  id: 'poison',
  title: 'A message can never be handled.',
  after: ['no-blocking', 'dead-letter-complete', 'nothing-lost'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => {
      story.fault({ fault: 'poison', step: story.tell('e1'), of: story.from, how: 'invalid' });
      story.tell('e2');
    },
    (story) => {
      story.fault({ fault: 'poison', step: story.tell('e1'), of: story.from, how: 'undecodable' });
      story.tell('e2');
    },
    (story) => {
      story.fault({ fault: 'poison', step: story.tell('e1'), of: story.from, how: 'invalid' });
      story.tell('e1');
    },
  ],
});
