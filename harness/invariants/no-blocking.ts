import type { Run } from '../history.js';
import type { Invariant } from './invariant.js';
import { consumersIn, publishedIn, reaches } from './messages.js';

/** A message that fails or waits keeps nobody else waiting. */
export const noBlocking: Invariant = {
  id: 'no-blocking',
  promise: 'A message that fails or waits holds up no message about anything else.',
  *check(run, subject) {
    const affected = affectedSteps(run);
    if (affected === undefined) return;
    for (const { service, definition } of consumersIn(run, subject)) {
      const waited = new Set(
        run.happenings.flatMap((one) => (one.kind === 'parked' && one.service === service ? [one.messageId] : [])),
      );
      for (const message of publishedIn(run).values()) {
        const { messageId, step } = message;
        if (step === undefined || affected.has(step) || waited.has(messageId)) continue;
        if (!reaches(definition, message)) continue;
        const done = run.happenings.find(
          (one) => one.kind === 'settled' && one.service === service && one.messageId === messageId,
        );
        const tookMs = (done?.at ?? run.tookMs) - message.at;
        if (tookMs <= boundMs) continue;
        const sentence = `A ${message.type} had to wait ${Math.round(tookMs / 1000)} s behind others.`;
        yield { invariant: this.id, sentence, at: done ?? message, service };
      }
    }
  },
};

/** Longest time that a healthy message may take when others fail, in ms; hops and jitter take tens of them. */
const boundMs = 5_000;

/** Faults that concern single messages only. With any other the whole service may stand still for a while. */
const single: ReadonlySet<string> = new Set([
  ...['poison', 'handler-throws', 'unknown-type', 'unknown-field', 'delay', 'duplicate', 'tie'],
  ...['old-version', 'no-correlation', 'forged-sender'],
]);

/** Steps whose messages something is done to; undefined when nobody knows whom the faults concern. */
function affectedSteps({ plan }: Run): ReadonlySet<string> | undefined {
  const steps = new Set<string>();
  for (const { fault, step } of plan.faults) {
    if (!single.has(fault) || step === undefined) return undefined;
    steps.add(step);
  }
  return steps;
}
