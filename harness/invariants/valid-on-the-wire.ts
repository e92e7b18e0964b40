import type { Run } from '../history.js';
import type { Invariant } from './invariant.js';
import { isValid, type Published } from './messages.js';
import { tellsOf } from './tells.js';

/** Whatever a service sends keeps its contract. */
export const validOnTheWire: Invariant = {
  id: 'valid-on-the-wire',
  promise: 'Every message that a service sends keeps its contract.',
  *check(run, subject) {
    for (const happening of run.happenings) {
      if (happening.kind !== 'published' || happening.exchange === '' || isRewritten(run, happening)) continue;
      const { service, envelope, type } = happening;
      const tells = tellsOf(subject, service, type);
      const message = (tells?.owned ?? tells?.published)?.message;
      if (message === undefined) continue;
      if (envelope !== undefined && isValid(message, envelope.data)) continue;
      yield {
        ...{ invariant: this.id, at: happening, service },
        sentence: `A ${type} went out that breaks its contract.`,
        ...(envelope !== undefined && { actual: envelope.data }),
      };
    }
  },
};

/** What the plan itself has changed on its way says nothing of the service. */
function isRewritten({ happenings }: Run, { step, service }: Published): boolean {
  return happenings.some(
    (one) => one.kind === 'fault' && one.step === step && one.service === service && rewriting.has(one.fault),
  );
}

const rewriting: ReadonlySet<string> = new Set(['poison', 'unknown-type', 'unknown-field', 'forged-sender', 'tie']);
