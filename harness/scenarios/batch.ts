import { scenario } from './compose.js';
import { edgesWhere, receivedEdges } from './edges.js';
import type { Story } from './story.js';

export const batch = scenario({
  id: 'batch',
  title: 'Many messages come at once to a copy that takes them together.',
  after: ['converged', 'version-never-goes-back', 'nothing-lost'],
  edges: (subject) =>
    edgesWhere(
      receivedEdges(subject),
      ({ consumer }) => consumer !== undefined && 'table' in consumer && (consumer.batchSize ?? 1) > 1,
      'no copy takes its messages in batches',
    ),
  simple: [
    (story) => burst(story, 12),
    (story) => {
      burst(story, 6);
      story.fault({ fault: 'store-fails', service: story.to, step: story.any(), how: 'error' });
      burst(story, 6);
    },
  ],
  random: (story) => burst(story, story.random.between(4, 20)),
});

/** Messages about three entities, as fast as they can be told. */
function burst(story: Story, count: number): void {
  for (let index = 0; index < count; index++) story.tell(`e${1 + (index % 3)}`);
  story.fault({ fault: 'lag', to: story.to, byMs: count * 5 });
}
