import { scenario } from './compose.js';
import { edgesWhere, receivedEdges } from './edges.js';

export const missingDependency = scenario({
  id: 'missing-dependency',
  title: 'What a message refers to never comes.',
  after: ['waits-honoured', 'comes-to-rest', 'no-blocking'],
  edges: (subject) =>
    edgesWhere(receivedEdges(subject), ({ waits }) => waits.length > 0, 'no message has to wait for an entity'),
  simple: [
    (story) => void story.tellAlone(),
    (story) => {
      story.tellAlone('alone');
      story.tell('e1');
      story.tell('e1');
    },
    // Longer than anybody waits.
    (story) => {
      story.tellAlone('alone');
      const longest = Math.max(...story.edge.waits.map(({ timeoutMs }) => timeoutMs));
      story.pause(Math.min(longest, 600_000) + 10_000).tell('e1');
    },
  ],
  random(story) {
    for (let count = story.random.between(1, 3); count > 0; count--) story.tellAlone('alone');
  },
});
