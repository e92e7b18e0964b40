import { scenario } from './compose.js';
import { consumingEdges, edgesWhere } from './edges.js';

export const handlerThrows = scenario({
  id: 'handler-throws',
  title: 'A handler throws, for a while or for good.',
  after: ['nothing-lost', 'effect-once', 'bounded-attempts'],
  edges: (subject) =>
    edgesWhere(consumingEdges(subject), ({ role }) => role === 'effect', 'the service has no handlers'),
  simple: [
    (story) => story.fault({ fault: 'handler-throws', service: story.to, step: story.tell(), times: 1 }),
    (story) => story.fault({ fault: 'handler-throws', service: story.to, step: story.tell(), times: 1, after: true }),
    (story) => story.fault({ fault: 'handler-throws', service: story.to, step: story.tell(), times: 3 }),
    // At each try: it ends among the dead letters, and others go on.
    (story) => {
      const step = story.tell('e1');
      story.fault({ fault: 'handler-throws', service: story.to, step, times: 99, atMs: 0, forMs: 400_000 });
      story.tell('e2');
    },
  ],
  random(story) {
    const step = story.tell();
    const times = story.random.between(1, 3);
    story.fault({ fault: 'handler-throws', service: story.to, step, times, after: story.random.chance(0.5) });
  },
});
