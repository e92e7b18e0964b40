import type { Run } from '../history.js';
import { bulkheadHolds } from '../invariants/bulkhead-holds.js';
import { callsHaveDeadlines } from '../invariants/calls-have-deadlines.js';
import { comesToRest } from '../invariants/comes-to-rest.js';
import { converged } from '../invariants/converged.js';
import { deadLetterComplete } from '../invariants/dead-letter-complete.js';
import { deletedStaysDeleted } from '../invariants/deleted-stays-deleted.js';
import { effectOnce } from '../invariants/effect-once.js';
import { effectOncePerCall } from '../invariants/effect-once-per-call.js';
import type { Invariant, Violation } from '../invariants/invariant.js';
import { nothingLost } from '../invariants/nothing-lost.js';
import { retriesWithinBudget } from '../invariants/retries-within-budget.js';
import { retryAfterHeeded } from '../invariants/retry-after-heeded.js';
import type { Subject } from '../subject.js';

/** Promises that can be judged by who sees a service from outside only. What is seen of a copy says more than what must have happened to a message. */
export const liveInvariants: readonly Invariant[] = [
  deletedStaysDeleted,
  converged,
  nothingLost,
  deadLetterComplete,
  callsHaveDeadlines,
  retriesWithinBudget,
  retryAfterHeeded,
  effectOncePerCall,
  bulkheadHolds,
  comesToRest,
];

/** What a run broke. A copy that is there although its deletion was told last is a deletion that did not stay. */
export function judgeLive(run: Run, subject: Subject): readonly Violation[] {
  // What was seen to be done twice says more than what comes of it.
  return [...doneAgain(run, subject)]
    .concat(liveInvariants.flatMap((invariant) => [...invariant.check(run, subject)]))
    .concat([...refused(run, subject), ...untold(run, subject)])
    .map((violation) =>
      violation.invariant === converged.id && violation.expected === null
        ? { ...violation, invariant: deletedStaysDeleted.id }
        : violation,
    );
}

/** Handlers whose second run for one message has left its mark, although the message was not told again on purpose. */
function* doneAgain({ happenings }: Run, { code }: Subject): Iterable<Violation> {
  const told = new Map(happenings.flatMap((one) => (one.kind === 'published' ? [[one.messageId, one.envelope]] : [])));
  for (const happening of happenings) {
    if (happening.kind !== 'handled' || happening.attempt < 2 || told.get(happening.messageId)?.force === true)
      continue;
    const effect = code.definition.effects.find(({ name }) => name === happening.consumer);
    const sentence = `${effect?.handler ?? happening.consumer} handled the same ${effect?.message.name ?? 'message'} twice.`;
    yield { invariant: effectOnce.id, sentence, at: happening, service: happening.service };
  }
}

/** What the service under test was asked to tell and did not accept. */
function* refused({ happenings }: Run, { name }: Subject): Iterable<Violation> {
  for (const happening of happenings) {
    if (happening.kind !== 'did' || happening.service !== name || happening.error === undefined) continue;
    const sentence = `It did not tell a change when it was asked to: ${happening.error}.`;
    yield { invariant: comesToRest.id, sentence, at: happening, service: name };
  }
}

/** What the service under test accepted to tell and nobody has heard, where no `publish_when` may have kept it back. */
function* untold({ plan, happenings, end }: Run, { name, code }: Subject): Iterable<Violation> {
  if ((end.services.get(name)?.outbox ?? 0) > 0) return;
  const heard = new Set(happenings.flatMap((one) => (one.kind === 'published' ? [one.step] : [])));
  for (const happening of happenings) {
    if (happening.kind !== 'did' || happening.service !== name || happening.error !== undefined) continue;
    const step = plan.steps.find(({ id }) => id === happening.step);
    if (step === undefined || heard.has(step.id)) continue;
    if (step.do === 'change' && code.definition.owned[step.entity]?.publishWhen !== undefined && step.op !== 'created')
      continue;
    const what = step.do === 'change' ? `change of ${step.entity}` : 'message';
    yield {
      invariant: nothingLost.id,
      sentence: `A ${what} was committed and nobody was told.`,
      at: happening,
      service: name,
    };
  }
}
