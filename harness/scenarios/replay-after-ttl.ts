import { repliesKeptMs, uuidOf } from '../plan.js';
import { requestScenario } from './operations-in.js';

export const replayAfterTtl = requestScenario({
  id: 'replay-after-ttl',
  title: 'A request comes again under its idempotency key, shortly before and after its answer is forgotten.',
  after: ['effect-once-per-call'],
  fits: ({ definition }) => definition.idempotencyHeader !== undefined,
  none: 'no operation takes an idempotency key',
  plan(story, index) {
    const offsets = [-60_000, 60_000, -1_000, 1_000];
    const offsetMs = offsets[index];
    if (offsetMs === undefined) return false;
    const same = { value: 1, idempotencyKey: uuidOf('key') };
    story.request(same);
    story.pause(repliesKeptMs + offsetMs).request(same);
    return true;
  },
});
