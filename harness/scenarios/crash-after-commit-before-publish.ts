import { scenario } from './compose.js';
import { edgesWhere, outboxEdges } from './edges.js';

export const crashAfterCommitBeforePublish = scenario({
  id: 'crash-after-commit-before-publish',
  title: 'The process dies after its commit, before its message has left.',
  after: ['nothing-lost', 'no-phantom'],
  edges: (subject) => edgesWhere(outboxEdges(subject), () => true, 'the service sends nothing through an outbox'),
  simple: [
    (story) => story.fault({ fault: 'crash', service: story.from, point: 'committed', step: story.tell() }),
    (story) => story.fault({ fault: 'crash', service: story.from, point: 'publishing', step: story.tell() }),
    (story) => story.fault({ fault: 'crash', service: story.from, point: 'published', step: story.tell() }),
    // Before the commit: nobody may hear of what has not happened.
    (story) => story.fault({ fault: 'crash', service: story.from, point: 'in-transaction', step: story.tell() }),
  ],
});
