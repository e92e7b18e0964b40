import { scenario } from './compose.js';
import { edgesWhere, receivedEdges } from './edges.js';

export const forgedSender = scenario({
  id: 'forged-sender',
  title: 'A message comes from somebody who may not send it.',
  after: ['owner-only', 'dead-letter-complete'],
  edges: (subject) =>
    edgesWhere(
      receivedEdges(subject),
      ({ consumer }) => consumer?.message.security !== undefined,
      'no message is taken from certain senders only',
    ),
  simple: [
    (story) => {
      story.fault({ fault: 'forged-sender', step: story.tell('e1'), of: story.from });
      story.tell('e2');
    },
  ],
});
