import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const dlqReplay = scenario({
  id: 'dlq-replay',
  title: 'A dead letter is put back after the world has moved on.',
  after: ['replay-restores', 'version-never-goes-back', 'converged'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => {
      story.fault({ fault: 'store-fails', service: story.to, step: story.tell('e1'), how: 'refused' });
      story.fault({ fault: 'replay-dead-letters', service: story.to, atMs: story.nowMs + 40 });
    },
    // A newer change has come meanwhile.
    (story) => {
      story.tell('e1');
      story.fault({ fault: 'store-fails', service: story.to, step: story.tell('e1'), how: 'refused' });
      story.tell('e1');
      story.fault({ fault: 'replay-dead-letters', service: story.to, atMs: story.nowMs + 40 });
    },
    // What is broken stays broken.
    (story) => {
      story.fault({ fault: 'poison', step: story.tell('e1'), of: story.from, how: 'invalid' });
      story.fault({ fault: 'replay-dead-letters', service: story.to, atMs: story.nowMs + 40 });
      story.pause(80).tell('e1');
    },
  ],
});
