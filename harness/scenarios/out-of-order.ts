import { scenario } from './compose.js';
import { edgesWhere, isEntity, receivedEdges } from './edges.js';
import type { Op, Story } from './story.js';

export const outOfOrder = scenario({
  id: 'out-of-order',
  title: 'A message is overtaken by a newer one of the same entity.',
  after: ['version-never-goes-back', 'converged'],
  edges: (subject) =>
    edgesWhere(receivedEdges(subject), isEntity, 'no message is about an entity of which there may be several'),
  simple: [
    (story) => late(story, ['created', 'updated'], 0),
    (story) => late(story, ['created', 'updated', 'updated'], 1),
    (story) => late(story, ['created', 'updated', 'updated'], 0),
  ],
  random(story) {
    story.tell();
    const step = story.tell();
    story.fault({ fault: 'delay', step, to: story.to, byMs: story.random.between(10, 200) });
    story.tell();
  },
});

/** Tells all of them and lets the one at `index` come last. */
function late(story: Story, ops: readonly Op[], index: number): void {
  const steps = ops.map((op) => story.tell('e1', op));
  const step = steps[index];
  if (step !== undefined) story.fault({ fault: 'delay', step, to: story.to, byMs: 60 });
}
