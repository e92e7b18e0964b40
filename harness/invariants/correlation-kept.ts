import { correlationOf } from '../plan.js';
import type { Invariant } from './invariant.js';
import { publishedIn } from './messages.js';

/** Everything that follows from one thing carries one correlation id. */
export const correlationKept: Invariant = {
  id: 'correlation-kept',
  promise: 'Everything that follows from a message carries its correlation id and names it as its cause.',
  *check(run) {
    const known = publishedIn(run);
    for (const happening of run.happenings) {
      if (happening.kind === 'published' && happening.envelope !== undefined) {
        const { correlationid, causationid, id } = happening.envelope;
        const cause = causationid === undefined ? undefined : known.get(causationid)?.envelope;
        // Where one header lost it, another of the contract's own may still say it.
        const said = happening.step !== undefined && isRewritten(run.plan.faults, happening.step);
        const kept =
          cause?.correlationid === correlationid || (said && correlationid === correlationOf(happening.step ?? ''));
        if (cause !== undefined && cause.id !== id && !kept) {
          yield {
            ...{ invariant: this.id, at: happening, service: happening.service },
            sentence: `A ${happening.type} lost the correlation id of the message that led to it.`,
            expected: cause.correlationid,
            actual: correlationid,
          };
        }
      }
      // A message that leaves while a step is carried out follows from it.
      if (happening.kind !== 'promised' || happening.step === undefined) continue;
      const sent = known.get(happening.messageId);
      if (sent?.envelope === undefined || sent.step === happening.step || isRewritten(run.plan.faults, happening.step))
        continue;
      yield {
        ...{ invariant: this.id, at: sent, service: sent.service },
        sentence: `A ${sent.type} does not say which request it follows from.`,
        expected: happening.step,
        actual: sent.step ?? sent.envelope.correlationid,
      };
    }
  },
};

function isRewritten(faults: readonly { readonly fault: string; readonly step?: string }[], step: string): boolean {
  return faults.some(({ fault, step: concerned }) => fault === 'no-correlation' && concerned === step);
}
