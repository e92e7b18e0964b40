import type { Happening, Run, Tried } from '../history.js';
import type { Subject } from '../subject.js';
import { edgeOf } from '../world/providers/call-policy.js';
import { remembered } from '../world/remembered.js';

/** One try of a call with everything that was seen of it. */
export interface Try extends Tried {
  readonly caller: string;
  readonly step: string | undefined;
  /** Number of the try in whose request it was made. */
  readonly within: number | undefined;
  readonly correlationId: string | undefined;
  readonly deadlineAt: number | undefined;
  readonly at: number;
  /** Undefined when nothing came back. */
  readonly end: Extract<Happening, { kind: 'called' }> | undefined;
  readonly served: Extract<Happening, { kind: 'served' }> | undefined;
  readonly calling: Happening;
  /** Life of the calling process, from 1; outside callers have one. */
  readonly life: number;
}

/** Every try of a run, in its order. Put together once: many promises ask. */
export const triesOf = remembered(triesIn);

function triesIn(run: Run): readonly Try[] {
  const ends = new Map<number, Try['end']>();
  const served = new Map<number, Try['served']>();
  for (const happening of run.happenings) {
    if (happening.kind === 'called') ends.set(happening.call, happening);
    else if (happening.kind === 'served') served.set(happening.call, happening);
  }
  const lives = new Map<string, number>();
  const tries: Try[] = [];
  for (const happening of run.happenings) {
    const { service } = happening;
    if (happening.kind === 'started') lives.set(service, (lives.get(service) ?? 0) + 1);
    if (happening.kind !== 'calling') continue;
    const { call, operation, method, path, asks, idempotencyKey, correlationId, deadlineAt, at, step, within } =
      happening;
    tries.push({
      ...{ call, operation, method, path, asks, correlationId, deadlineAt, at, step, within },
      ...(idempotencyKey !== undefined && { idempotencyKey }),
      ...{ caller: service, end: ends.get(call), served: served.get(call), calling: happening },
      life: lives.get(service) ?? 1,
    });
  }
  return tries;
}

/** Tries of services that take part with their own code; those from outside are the plan's. */
export function ownTries(run: Run): readonly Try[] {
  return triesOf(run).filter(({ caller }) => run.end.services.has(caller));
}

/** Whoever asked has got an answer that is no failure of the provider. */
export function gotThrough({ end }: Try): boolean {
  return end?.status !== undefined && end.status < 500 && end.status !== 429;
}

/**
 * Tries of one call after the other: the same request, made in the same work, each because the one before it did not get through. Whether a client repeats or a
 * handler around it, it is one chain.
 */
export function chainsOf(tries: readonly Try[]): readonly (readonly Try[])[] {
  const open = new Map<string, Try[]>();
  const chains: Try[][] = [];
  for (const one of tries) {
    const work = one.within === undefined ? `step ${one.step ?? one.correlationId}` : `request ${one.within}`;
    const same = [one.caller, one.life, work, one.operation, one.asks].join('\n');
    const chain = open.get(same);
    const last = chain?.at(-1);
    // One that is still under way is no reason for another: those are two calls.
    const goesOn = last?.end !== undefined && last.end.at <= one.at && !gotThrough(last);
    if (chain !== undefined && goesOn) chain.push(one);
    else {
      const begun = [one];
      open.set(same, begun);
      chains.push(begun);
    }
  }
  return chains;
}

/** What the calling service died of cannot be held against its calls. */
export function diedSince(run: Run, { caller, at }: Try): boolean {
  return run.happenings.some((one) => one.kind === 'crashed' && one.service === caller && one.at >= at);
}

/** Where the contract says how the call is made. */
export function callPlace(subject: Subject, { caller, operation }: Pick<Try, 'caller' | 'operation'>) {
  const edge = edgeOf(subject.model, caller, operation);
  const contract = edge?.policy?.at ?? edge?.at;
  return contract === undefined ? {} : { contract };
}
