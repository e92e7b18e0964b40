import type { Subject } from '../subject.js';
import { scenario } from './compose.js';
import { consumingEdges, type Edge, edgesWhere } from './edges.js';

export const commandOneReceiver = scenario({
  id: 'command-one-receiver',
  title: 'A command is carried out by exactly one process.',
  after: ['effect-once', 'routed-once'],
  edges: (subject) =>
    edgesWhere(consumingEdges(subject), (edge) => isCommand(subject, edge), 'the service carries out no commands'),
  simple: [
    (story) => {
      story.fault({ fault: 'second-instance', service: story.to, atMs: 0 }).pause(20);
      story.tell();
    },
    (story) => {
      story.fault({ fault: 'second-instance', service: story.to, atMs: 0 }).pause(20);
      story.fault({ fault: 'duplicate', step: story.tell(), to: story.to, afterMs: 0 });
    },
  ],
});

function isCommand({ model }: Subject, { message }: Edge): boolean {
  return [...model.commands.values()].some((command) => command.message === message);
}
