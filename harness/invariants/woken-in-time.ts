import type { Happening } from '../history.js';
import type { Invariant } from './invariant.js';
import { copyPlace } from './places.js';

/** From when on a message that could be applied counts as forgotten, ms: far below the pause between two looks of the runtime at all that waits. */
const patienceMs = 1_000;

/** A message that waits is looked at when what it waits for comes, not some time later. */
export const wokenInTime: Invariant = {
  id: 'woken-in-time',
  promise: 'A message that waits is taken up again as soon as what it waits for has come.',
  *check(run, subject) {
    const waiting = new Map<string, Extract<Happening, { kind: 'parked' }>>();
    const came = new Map<string, number>();
    const troubled = new Map<string, number>();
    for (const happening of run.happenings) {
      const { service, at } = happening;
      // Whoever dies looks again when it is back, at its next look.
      if (happening.kind === 'crashed') troubled.set(service, at);
      if (happening.kind === 'copied') {
        const key = `${service}\n${happening.entity}\n${happening.id}`;
        // What has gone again has to come again.
        if (happening.after?.deleted !== false) came.delete(key);
        else if (!came.has(key)) came.set(key, at);
      }
      if (happening.kind === 'parked') waiting.set(placeOf(happening), happening);
      if (happening.kind !== 'released') continue;
      const parked = waiting.get(placeOf(happening));
      waiting.delete(placeOf(happening));
      if (parked === undefined) continue;
      const there = came.get(`${service}\n${parked.waitsFor.entity}\n${parked.waitsFor.id}`);
      if (there === undefined) continue;
      const since = Math.max(there, parked.at);
      if (at - since <= patienceMs || (troubled.get(service) ?? -1) >= since) continue;
      yield {
        invariant: this.id,
        sentence: `${service} left a message waiting for ${Math.round(at - since)} ms although the ${parked.waitsFor.entity} it waits for was there.`,
        at: happening,
        service,
        ...copyPlace(subject, service, parked.entity),
      };
    }
  },
};

function placeOf({
  service,
  consumer,
  entity,
  id,
  messageId,
  delta,
}: Extract<Happening, { kind: 'parked' | 'released' }>): string {
  return [service, consumer, entity, id, ...(delta ? [messageId] : [])].join('\n');
}
