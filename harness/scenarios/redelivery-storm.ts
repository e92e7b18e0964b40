import { scenario } from './compose.js';
import { edgesWhere, nobody, receivedEdges } from './edges.js';

export const redeliveryStorm = scenario({
  id: 'redelivery-storm',
  title: 'Everything is handed out again and again.',
  after: ['effect-once', 'bounded-attempts', 'converged'],
  edges: (subject) => edgesWhere(receivedEdges(subject), () => true, nobody),
  simple: [
    (story) => {
      story.tell();
      story.fault({ fault: 'redelivery-storm', of: story.to, times: 2 });
    },
    (story) => {
      story.tell('e1');
      story.tell('e2');
      story.tell('e1');
      story.fault({ fault: 'redelivery-storm', of: story.to, times: 4 });
    },
    // More often than the broker hands out a message.
    (story) => {
      story.tell();
      story.fault({ fault: 'redelivery-storm', of: story.to, times: 30 });
    },
  ],
  random: (story) => story.fault({ fault: 'redelivery-storm', of: story.to, times: story.random.between(1, 5) }),
});
