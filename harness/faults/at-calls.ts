import type { PlannedFault } from '../plan.js';
import type { CallFault, Hooks } from '../world/hooks.js';
import { refuseFields } from './fields.js';

/** Which tries of which calls a fault is for. Without `step`, `nth` and a time: all of them until everything is healed. */
export interface AtCalls extends PlannedFault {
  /** The service that calls. */
  readonly from: string;
  /** `<provider>.<operationId>`. */
  readonly to: string;
  /** Only tries that follow from this step. */
  readonly step?: string;
  /** Only the first so many tries of each step. */
  readonly tries?: number;
  /** Only from this virtual instant on, in ms after the start; for `forMs`, default until everything is healed. */
  readonly atMs?: number;
  readonly forMs?: number;
}

type Fields = Parameters<typeof refuseFields>[1];

export function refuseAtCalls(planned: PlannedFault, more: Fields = {}): string | undefined {
  return refuseFields(planned, {
    ...{ from: 'string', to: 'string', step: 'string?', tries: 'number?', atMs: 'number?', forMs: 'number?' },
    ...more,
  } as Fields);
}

/** `the first 2 tries of service-a at service-b.getItem for m1`. */
export function wordsAtCalls({ from, to, step, tries, atMs, forMs }: AtCalls): string {
  const which = tries === undefined ? 'every try' : tries === 1 ? 'the first try' : `the first ${tries} tries`;
  const since = atMs === undefined ? '' : ` from ${atMs} ms on`;
  const during = forMs === undefined ? '' : ` for ${forMs} ms`;
  return `${which} of ${from} at ${to}${step === undefined ? '' : ` for ${step}`}${since}${during}`;
}

/** Strikes the tries that the fault is for. */
export function installAtCalls(planned: AtCalls, words: string, hooks: Hooks, becomes: CallFault): void {
  const { from, to, step, tries = Number.POSITIVE_INFINITY, atMs = 0, forMs = Number.POSITIVE_INFINITY } = planned;
  hooks.onCall((call) => {
    const now = hooks.now();
    if (call.caller !== from || `${call.provider}.${call.operation}` !== to || now < atMs || now >= atMs + forMs)
      return undefined;
    if ((step !== undefined && call.step !== step) || call.nth > tries) return undefined;
    hooks.struck(planned.fault, words, { service: from, ...(call.step !== undefined && { step: call.step }) });
    return becomes;
  });
}

/** The same trouble for fewer tries. */
export function fewerTries<Planned extends AtCalls>(planned: Planned): readonly Planned[] {
  return [1, 2].filter((tries) => tries < (planned.tries ?? 3)).map((tries) => ({ ...planned, tries }));
}
