import { scenario } from './compose.js';
import { edgesWhere, receivedEdges } from './edges.js';
import { leftOut } from './left-out.js';

export const filterTransition = scenario({
  id: 'filter-transition',
  title: 'A thing leaves what its followers want to know of, and comes back.',
  after: ['converged', 'nothing-lost'],
  edges: (subject) =>
    edgesWhere(
      receivedEdges(subject),
      (edge) => leftOut(subject, edge) !== undefined,
      'no filter tells one state of an entity from another',
    ),
  simple: [
    (story) => {
      story.tell('e1', 'created');
      story.tell('e1', 'updated', leftOut(story.subject, story.edge));
    },
    (story) => {
      story.tell('e1', 'created', leftOut(story.subject, story.edge));
      story.tell('e1', 'updated');
    },
    (story) => {
      story.tell('e1', 'created');
      story.fault({
        fault: 'delay',
        step: story.tell('e1', 'updated', leftOut(story.subject, story.edge)),
        to: story.to,
        byMs: 60,
      });
      story.tell('e1', 'updated');
    },
  ],
});
