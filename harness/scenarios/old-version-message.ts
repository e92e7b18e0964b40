import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const oldVersionMessage = scenario({
  id: 'old-version-message',
  title: 'A message is of an older version of its contract.',
  after: ['nothing-lost', 'converged'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => story.fault({ fault: 'old-version', step: story.tell('e1'), of: story.from }),
    (story) => {
      story.fault({ fault: 'old-version', step: story.tell('e1'), of: story.from });
      story.tell('e1');
    },
  ],
});
