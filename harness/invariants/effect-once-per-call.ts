import type { Run } from '../history.js';
import { repliesKeptMs } from '../plan.js';
import type { Invariant } from './invariant.js';
import { callPlace, chainsOf, type Try, triesOf } from './tries.js';

const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** However often a request is sent, it takes effect once: tries of one call, and requests under one idempotency key. */
export const effectOncePerCall: Invariant = {
  id: 'effect-once-per-call',
  promise: 'A request that is sent again, because its answer was lost or somebody clicked twice, takes effect once.',
  *check(run, subject) {
    const tries = triesOf(run);
    const effects = new Set(tries.filter((one) => hasEffect(run, one)).map(({ call }) => call));
    const groups = [...chainsOf(tries), ...underOneKey(tries)];
    const told = new Set<number>();
    for (const group of groups) {
      const [first, second] = group.filter(({ call }) => effects.has(call));
      if (first === undefined || second === undefined || second.at - first.at >= repliesKeptMs || told.has(second.call))
        continue;
      told.add(second.call);
      const [provider = ''] = second.operation.split('.');
      const isOwn = run.end.services.has(second.caller);
      yield {
        ...{ invariant: this.id, service: isOwn ? second.caller : provider, at: second.served ?? second.calling },
        ...callPlace(subject, second),
        sentence: `${second.operation} took effect twice for one request.`,
        expected: 'one effect',
        actual: { tries: [keyOf(first), keyOf(second)] },
      };
    }
  },
};

function hasEffect(run: Run, { call, served, method }: Try): boolean {
  // Doing these twice is doing them once: RFC 9110 section 9.2.2.
  if (served?.replayed === true || idempotent.has(method)) return false;
  if (served?.effect !== undefined) return served.effect;
  return run.happenings.some((one) => one.within === call && (one.kind === 'owned' || one.kind === 'promised'));
}

/** Requests of one caller that say themselves that they are one. */
function underOneKey(tries: readonly Try[]): readonly (readonly Try[])[] {
  const groups = new Map<string, Try[]>();
  for (const one of tries) {
    if (one.idempotencyKey === undefined) continue;
    const key = [one.caller, one.operation, one.idempotencyKey].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

function keyOf({ call, idempotencyKey, asks }: Try) {
  return { call, asks, idempotencyKey: idempotencyKey ?? null };
}
