import { scenario } from './compose.js';
import { edgesWhere, receivedEdges } from './edges.js';
import type { Story } from './story.js';

export const dependencyAtOnce = scenario({
  id: 'dependency-at-once',
  title: 'A message and what it refers to arrive in the same moment.',
  after: ['woken-in-time', 'waits-honoured', 'nothing-lost'],
  edges: (subject) =>
    edgesWhere(receivedEdges(subject), ({ waits }) => waits.length > 0, 'no message has to wait for an entity'),
  simple: [
    (story) => together(story, 'e1'),
    // Work on the one has begun when the other comes.
    (story) => {
      story.tellAlone('e0');
      together(story, 'e1');
    },
    (story) => {
      together(story, 'e1');
      together(story, 'e2');
    },
  ],
  random: (story) => together(story, `at${story.steps.length}`),
});

/** Both gather while the service is cut off, and are handed over in the same breath when it is back. */
function together(story: Story, key: string): void {
  const begunMs = story.nowMs;
  story.tellAlone(key);
  story.refer(key);
  story.fault({ fault: 'cut', service: story.to, atMs: begunMs, forMs: 60 });
}
