import { scenario } from './compose.js';
import { edgesWhere, receivedEdges } from './edges.js';

export const lateDependency = scenario({
  id: 'late-dependency',
  title: 'What a message refers to comes after it.',
  after: ['waits-honoured', 'nothing-lost', 'converged'],
  edges: (subject) =>
    edgesWhere(receivedEdges(subject), ({ waits }) => waits.length > 0, 'no message has to wait for an entity'),
  simple: [
    (story) => {
      story.tellAlone();
      story.pause(30).refer('e1');
    },
    // Two messages wait for the same entity.
    (story) => {
      story.tellAlone();
      story.tellAlone();
      story.pause(30).refer('e1');
    },
  ],
  random(story) {
    const key = `late${story.steps.length}`;
    for (let count = story.random.between(1, 3); count > 0; count--) story.tellAlone(key);
    story.pause(story.random.between(0, 60)).refer(key);
  },
});
