import type { EndState, Happening, ParkedSeen, Run } from '../history.js';
import type { Invariant } from './invariant.js';

/** Once nothing fails any more, all work ends: no queue keeps a message, nothing waits for what is there, and no error went unheard. */
export const comesToRest: Invariant = {
  id: 'comes-to-rest',
  promise: 'Once nothing fails any more all work comes to an end, and no error goes uncaught.',
  *check(run) {
    for (const happening of run.happenings) {
      if (happening.kind !== 'uncaught') continue;
      const sentence = `An error was caught by nobody: ${happening.error}.`;
      yield { invariant: this.id, sentence, at: happening, service: happening.service };
    }
    const stuck = [...run.end.services].flatMap(([service, { parked }]) =>
      parked.filter((one) => isThere(run, service, one)).map((one) => ({ service, one })),
    );
    for (const { service, one } of stuck) {
      const sentence = `A message about ${one.entity} still waits for ${one.waitsFor.entity}, which is there.`;
      yield { invariant: this.id, sentence, service, actual: one };
    }
    const last = run.happenings.at(-1);
    if (last?.kind !== 'restless' || stuck.length > 0) return;
    const open = openWork(run.end);
    // What waits for something that never comes is right to wait.
    if (open === undefined && [...run.end.services.values()].some(({ parked }) => parked.length > 0)) return;
    const sentence = `${open ?? 'Somebody was still at work'}, ${Math.round(run.tookMs / 1000)} s after the start.`;
    yield { invariant: this.id, sentence, at: last satisfies Happening, service: run.plan.service };
  },
};

/** Whether an entity is at hand at the service: its copy, or the service's own. */
function isThere(run: Run, service: string, { waitsFor }: ParkedSeen): boolean {
  const { entity, id } = waitsFor;
  const copies = run.end.services.get(service)?.copies ?? [];
  if (copies.some((copy) => copy.entity === entity && copy.id === id && !copy.row.deleted)) return true;
  const own = run.happenings.findLast(
    (one) => one.kind === 'owned' && one.service === service && one.entity === entity && one.id === id,
  );
  return own?.kind === 'owned' && !own.deleted;
}

function openWork({ queues, services }: EndState): string | undefined {
  for (const [queue, { ready, inFlight, delayed }] of queues) {
    if (ready + inFlight + delayed > 0)
      return `${queue} still held ${ready} ready, ${inFlight} unacknowledged and ${delayed} delayed messages`;
  }
  for (const [service, { outbox }] of services) {
    if (outbox > 0) return `${outbox} messages of ${service} had not left`;
  }
  return undefined;
}
