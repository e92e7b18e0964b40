import { errorText } from '../consume/failures.js';
import { HttpStatusError } from '../http/errors.js';
import { inScope } from '../scope.js';
import { callFailure } from './call-failure.js';
import type { SagaCalls } from './definition.js';
import { tryMs } from './due.js';
import { causeOfRun, factsOf, type SagaAtWork, type SagaEngine } from './engine.js';
import type { SagaCall, SagaStepPlan } from './plan.js';
import type { SagaEvent, SagaPlace } from './run.js';
import { allArguments, argumentsOf, type SagaFacts } from './saga-value.js';
import { stepKey, undoKey } from './step-key.js';

/** Where an answer comes from; the generated clients tell it. */
interface AnswerInfo {
  readonly from?: string;
  readonly headers?: { get(name: string): string | null };
}

type Method = (request: unknown, options: object) => Promise<unknown>;

/** Makes one call of a run, outside any transaction, and answers what it has come to. Rejects only when the service stops meanwhile. */
export async function performCall(
  engine: SagaEngine,
  at: SagaAtWork,
  place: SagaPlace,
  step: SagaStepPlan,
  call: SagaCall,
): Promise<SagaEvent> {
  const method = engine.book.call(call.provider, call.operation);
  if (method === undefined) {
    return {
      kind: 'blocked',
      step: step.id,
      reason: `there is no client for ${call.provider}.${call.operation} any more`,
    };
  }
  let prepared: Prepared;
  try {
    prepared = prepare(at, place, step, call);
  } catch (error) {
    return { kind: 'blocked', step: step.id, reason: errorText(error) };
  }
  const { request, facts } = prepared;
  let info: AnswerInfo = {};
  try {
    const body = await inTime(engine, step, (signal) =>
      ask(engine, at, method, request, {
        signal,
        onAnswer(told: AnswerInfo) {
          info = told;
        },
      }),
    );
    const header = (name: string) => info.headers?.get(name) ?? undefined;
    return answered(at, place, step, { ...facts, response: { body, header } }, info);
  } catch (error) {
    return failed(at, place, step, error);
  }
}

interface Prepared {
  readonly request: Readonly<Record<string, unknown>>;
  readonly facts: SagaFacts;
}

function prepare({ record }: SagaAtWork, { phase }: SagaPlace, step: SagaStepPlan, call: SagaCall): Prepared {
  const known = factsOf(record);
  const round = record.run.rounds[step.id] ?? 0;
  const key = phase === 'undo' ? undoKey(step, known, round) : stepKey(step, known);
  const facts = { ...known, key };
  const request = allArguments(call.with, facts);
  return { facts, request: call.keyAs === undefined ? request : { ...request, [call.keyAs]: key } };
}

function ask(
  { parts }: SagaEngine,
  { record }: SagaAtWork,
  method: NonNullable<SagaCalls[string]>,
  request: unknown,
  options: object,
): Promise<unknown> {
  const { service } = parts.definition;
  // Which request an operation takes is the contract's to know; the client checks it.
  return inScope({ service, cause: causeOfRun(record) }, () => (method as Method)(request, options));
}

/** A try that takes longer than its step allows ends without an answer. */
async function inTime<T>(
  { parts }: SagaEngine,
  step: SagaStepPlan,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let cancel = (): void => {};
  const late = new Promise<never>((_, reject) => {
    cancel = parts.clock.timer(tryMs(step), () => {
      const error = new Error(`no answer within ${tryMs(step)} ms`);
      controller.abort(error);
      reject(error);
    });
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    cancel();
  }
}

function answered(
  { record }: SagaAtWork,
  { phase }: SagaPlace,
  step: SagaStepPlan,
  facts: SagaFacts,
  info: AnswerInfo,
): SagaEvent {
  const { id } = step;
  if (info.from === 'fallback') {
    const reason = 'the answer is the fallback of the contract: the provider gave none';
    return { kind: phase === 'undo' ? 'undo-failed' : 'unknown', step: id, reason };
  }
  const none = facts.response?.body === null;
  if (phase === 'undo')
    return none ? nothingToUndo(record.run.marks[id] === 'begun', id) : { kind: 'undone', step: id };
  if (none) {
    const reason = 'the provider says that there is none';
    return { kind: phase === 'ask' ? 'not-found' : 'failed', step: id, reason };
  }
  return { kind: 'succeeded', step: id, outputs: argumentsOf(step.outputs, facts) };
}

function failed({ record }: SagaAtWork, { phase }: SagaPlace, { id }: SagaStepPlan, error: unknown): SagaEvent {
  const notFound = error instanceof HttpStatusError && (error.status === 404 || error.status === 410);
  if (phase === 'undo') {
    return notFound
      ? nothingToUndo(record.run.marks[id] === 'begun', id)
      : { kind: 'undo-failed', step: id, reason: errorText(error).slice(0, 500) };
  }
  const reason = errorText(error).slice(0, 500);
  if (phase === 'ask') return { kind: notFound ? 'not-found' : 'unknown', step: id, reason };
  const failure = callFailure(error, record.run.inDoubt);
  return { kind: failure.kind, step: id, reason: failure.reason };
}

/** Of what may never have happened it is an answer that there is nothing; of what has happened it is none. */
function nothingToUndo(mayNotHaveHappened: boolean, step: string): SagaEvent {
  return mayNotHaveHappened
    ? { kind: 'undone', step }
    : { kind: 'undo-failed', step, reason: 'the provider does not know what is to be undone' };
}
