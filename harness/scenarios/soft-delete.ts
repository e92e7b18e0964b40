import { ownerOf, type Subject } from '../subject.js';
import { scenario } from './compose.js';
import { type Edge, edgesWhere, isDeletable, receivedEdges } from './edges.js';

export const softDelete = scenario({
  id: 'soft-delete',
  title: 'A thing is deleted by a flag in its state.',
  after: ['converged', 'deleted-stays-deleted'],
  edges: (subject) =>
    edgesWhere(
      receivedEdges(subject).filter(isDeletable),
      (edge) => flagOf(subject, edge) !== undefined,
      'no entity is deleted by a flag',
    ),
  simple: [
    (story) => {
      story.tell('e1', 'created');
      story.tell('e1', 'deleted');
    },
    // An update that carries the flag is a deletion, too.
    (story) => {
      story.tell('e1', 'created');
      story.tell('e1', 'updated', { [flagOf(story.subject, story.edge) ?? '']: true });
    },
    (story) => {
      story.tell('e1', 'created');
      story.tell('e1', 'updated', { [flagOf(story.subject, story.edge) ?? '']: true });
      story.tell('e1', 'updated');
    },
  ],
});

function flagOf(subject: Subject, { source }: Edge): string | undefined {
  return source.kind === 'entity' ? ownerOf(subject, source.entity)?.definition.softDelete?.field : undefined;
}
