import { scenario } from './compose.js';
import { edgesWhere, receivedEdges } from './edges.js';
import type { Story } from './story.js';

export const dependencyBehindMe = scenario({
  id: 'dependency-behind-me',
  title: 'What a message refers to stands behind it in the same queue.',
  after: ['waits-honoured', 'nothing-lost', 'comes-to-rest'],
  edges: (subject) =>
    edgesWhere(receivedEdges(subject), ({ waits }) => waits.length > 0, 'no message has to wait for an entity'),
  simple: [
    (story) => behind(story, 'e1'),
    (story) => {
      behind(story, 'e1');
      behind(story, 'e2');
    },
  ],
  random: (story) => behind(story, `behind${story.steps.length}`),
});

/** Everything is told in its order, and what is referred to comes last. */
function behind(story: Story, key: string): void {
  const before = story.steps.length;
  story.tell(key);
  const referred = story.steps.slice(before).filter(({ id }) => !story.told.includes(id));
  for (const { id } of referred) story.fault({ fault: 'delay', step: id, to: story.to, byMs: 60 });
}
