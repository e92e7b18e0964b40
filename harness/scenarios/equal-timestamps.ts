import { scenario } from './compose.js';
import { edgesWhere, isDated, receivedEdges } from './edges.js';
import type { Story } from './story.js';

export const equalTimestamps = scenario({
  id: 'equal-timestamps',
  title: 'Two changes of one entity carry the same instant.',
  after: ['converged', 'version-never-goes-back'],
  edges: (subject) => edgesWhere(receivedEdges(subject), isDated, 'no message is ordered by its instant'),
  simple: [
    (story) => tied(story),
    // The one that loses comes last.
    (story) => story.fault({ fault: 'delay', step: tied(story), to: story.to, byMs: 60 }),
    (story) => {
      const second = tied(story);
      story.fault({ fault: 'duplicate', step: second, to: story.to, afterMs: 40 });
      story.fault({ fault: 'delay', step: story.told.at(-2) ?? second, to: story.to, byMs: 60 });
    },
  ],
});

/** Two changes at one instant; the second one of them. */
function tied(story: Story): string {
  const first = story.tell('e1');
  const second = story.tell('e1', 'updated');
  story.fault({ fault: 'tie', step: second, with: first, of: story.from });
  return second;
}
