import { ownerOf, type Subject } from '../subject.js';
import { referredKey } from '../values.js';
import { scenario } from './compose.js';
import { type Edge, edgesWhere, receivedEdges } from './edges.js';
import type { Op, Story } from './story.js';

export const dependencyDeleted = scenario({
  id: 'dependency-deleted',
  title: 'What a message refers to is deleted.',
  after: ['waits-honoured', 'nothing-lost', 'comes-to-rest'],
  edges: (subject) =>
    edgesWhere(
      receivedEdges(subject),
      (edge) => deletable(subject, edge).length > 0,
      'no message waits for an entity that can be deleted',
    ),
  simple: [
    (story) => {
      story.tell('e1');
      referred(story, 'e1', 'deleted');
    },
    (story) => {
      story.refer('e1');
      referred(story, 'e1', 'deleted');
      story.pause(20).tellAlone('e1');
    },
    // And is created again while the message waits.
    (story) => {
      story.refer('e1');
      referred(story, 'e1', 'deleted');
      story.pause(20).tellAlone('e1');
      story.pause(20);
      referred(story, 'e1', 'created');
    },
    // The deletion overtakes the message.
    (story) => {
      story.refer('e1');
      story.fault({ fault: 'delay', step: story.tellAlone('e1'), to: story.to, byMs: 60 });
      referred(story, 'e1', 'deleted');
    },
  ],
});

function deletable(subject: Subject, { waits }: Edge): readonly string[] {
  return [...new Set(waits.map(({ entity }) => entity))].filter(
    (entity) => ownerOf(subject, entity)?.definition.deletes === true,
  );
}

function referred(story: Story, key: string, op: Op): void {
  const [entity] = deletable(story.subject, story.edge);
  if (entity !== undefined) story.change(entity, referredKey(key, entity), op);
}
