import { uuidOf } from '../plan.js';
import { requestScenario } from './operations-in.js';

export const concurrentSameKey = requestScenario({
  id: 'concurrent-same-key',
  title: 'Somebody clicks twice: two requests come at once under one idempotency key.',
  after: ['effect-once-per-call'],
  fits: ({ definition }) => definition.idempotencyHeader !== undefined,
  none: 'no operation takes an idempotency key',
  plan(story, index) {
    const idempotencyKey = uuidOf(`key ${index}`);
    const same = { value: index + 1, idempotencyKey };
    const { caller, operation } = story.operation;
    if (index === 0) {
      story.request(same);
      story.request(same);
      return true;
    }
    if (index === 1) {
      story.request(same);
      story.pause(200).request(same);
      return true;
    }
    if (story.random.chance(0.5))
      story.fault({
        fault: 'http-lost-reply',
        from: caller,
        to: operation,
        tries: 1,
        silently: story.random.chance(0.5),
      });
    for (let count = story.random.between(2, 4); count > 0; count--) {
      story.request(same);
      story.pause(story.random.pick([0, 1, 2, 5, 50]));
    }
    return true;
  },
});
