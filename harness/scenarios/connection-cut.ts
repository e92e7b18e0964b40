import { scenario } from './compose.js';
import { edgesOf, edgesWhere, nobody } from './edges.js';

export const connectionCut = scenario({
  id: 'connection-cut',
  title: 'The connection of one service to the broker breaks.',
  after: ['nothing-lost', 'effect-once', 'converged'],
  edges: (subject) => edgesWhere(edgesOf(subject), () => true, nobody),
  simple: [
    (story) => {
      const step = story.tell();
      story.fault({ fault: 'delay', step, to: story.to, byMs: 10 });
      story.fault({ fault: 'cut', service: story.to, atMs: story.nowMs + 5, forMs: 40 });
    },
    (story) => {
      story.fault({ fault: 'cut', service: story.from, atMs: 0, forMs: 60 });
      story.tell();
      story.tell();
    },
  ],
  random(story) {
    const service = story.random.pick([story.from, story.to]);
    story.fault({ fault: 'cut', service, atMs: story.nowMs, forMs: story.random.between(1, 300) });
    story.tell();
  },
});
