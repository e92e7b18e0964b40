import type { Run } from '../history.js';
import type { Subject } from '../subject.js';
import { callPolicyOf, edgeOf } from '../world/providers/call-policy.js';
import type { Invariant, Violation } from './invariant.js';
import { callPlace, chainsOf, diedSince, ownTries, type Try, triesOf } from './tries.js';

/** Two hops of a message may take so much more, ms. */
const hopsMs = 2;

/** Nobody waits longer for an answer than the contract says, and nobody is asked on behalf of somebody who has stopped waiting. */
export const callsHaveDeadlines: Invariant = {
  id: 'calls-have-deadlines',
  promise: 'Every call ends within the time of its policy, and none is made for somebody who has stopped waiting.',
  *check(run, subject) {
    const own = ownTries(run);
    for (const one of own) {
      if (diedSince(run, one)) continue;
      yield* tooLong(this.id, one, run, subject);
    }
    for (const chain of chainsOf(own)) yield* pastBudget(this.id, chain, run, subject);
    const requests = new Map(triesOf(run).map((one) => [one.call, one]));
    for (const one of own) {
      const request = one.within === undefined ? undefined : requests.get(one.within);
      if (request?.deadlineAt !== undefined) yield* forNobody(this.id, one, request.deadlineAt, run, subject);
    }
  },
};

function* tooLong(invariant: string, one: Try, { slackMs = hopsMs }: Run, subject: Subject): Iterable<Violation> {
  const edge = edgeOf(subject.model, one.caller, one.operation);
  const { timeoutMs } = callPolicyOf(edge?.policy);
  const place = { invariant, service: one.caller, ...callPlace(subject, one) };
  if (one.end === undefined) {
    const sentence = `A call of ${one.operation} was never ended.`;
    yield { ...place, sentence, at: one.calling, expected: { timeoutMs }, actual: 'it is still under way' };
  } else if (edge !== undefined && one.end.tookMs > timeoutMs + slackMs) {
    const sentence = `A call of ${one.operation} took longer than its policy allows.`;
    yield { ...place, sentence, at: one.end, expected: { timeoutMs }, actual: { tookMs: one.end.tookMs } };
  }
}

function* pastBudget(invariant: string, chain: readonly Try[], run: Run, subject: Subject): Iterable<Violation> {
  const [first] = chain;
  const last = chain.at(-1);
  if (first === undefined || last?.end === undefined || diedSince(run, first)) return;
  const { deadlineMs } = callPolicyOf(edgeOf(subject.model, first.caller, first.operation)?.policy);
  const { slackMs = hopsMs } = run;
  const tookMs = last.end.at - first.at;
  if (deadlineMs === undefined || tookMs <= deadlineMs + slackMs) return;
  yield {
    ...{ invariant, service: first.caller, at: last.end, ...callPlace(subject, first) },
    sentence: `A call of ${first.operation} took longer with all its tries than its deadline allows.`,
    ...{ expected: { deadlineMs }, actual: { tookMs, tries: chain.length } },
  };
}

function* forNobody(
  invariant: string,
  one: Try,
  deadlineAt: number,
  { slackMs = 0 }: Run,
  subject: Subject,
): Iterable<Violation> {
  const place = { invariant, service: one.caller, at: one.calling, ...callPlace(subject, one) };
  if (one.at >= deadlineAt + slackMs)
    yield {
      ...place,
      sentence: `${one.operation} was called for a request whose time was over.`,
      ...{ expected: { before: deadlineAt }, actual: { at: one.at } },
    };
  else if (one.deadlineAt === undefined || one.deadlineAt > deadlineAt)
    yield {
      ...place,
      sentence: `${one.operation} was not told when the request behind it ends.`,
      ...{ expected: { deadlineAt }, actual: { deadlineAt: one.deadlineAt ?? null } },
    };
}
