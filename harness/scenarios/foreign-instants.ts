import { scenario } from './compose.js';
import { edgesWhere, isDated, receivedEdges } from './edges.js';

export const foreignInstants = scenario({
  id: 'foreign-instants',
  title: 'A sender writes its instants with another offset.',
  after: ['converged', 'version-never-goes-back'],
  edges: (subject) => edgesWhere(receivedEdges(subject), isDated, 'no message is ordered by its instant'),
  simple: [
    // Earlier, and looks later.
    (story) => {
      story.fault({ fault: 'other-offset', step: story.tell('e1'), of: story.from, minutes: 330 });
      story.tell('e1');
    },
    // Later, and looks earlier.
    (story) => {
      story.tell('e1');
      story.fault({ fault: 'other-offset', step: story.tell('e1'), of: story.from, minutes: 480, west: true });
    },
    (story) => {
      const first = story.tell('e1');
      story.fault({ fault: 'other-offset', step: first, of: story.from, minutes: 60 });
      story.fault({ fault: 'delay', step: first, to: story.to, byMs: 60 });
      story.tell('e1');
    },
  ],
});
