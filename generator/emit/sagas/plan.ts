import { createHash } from 'node:crypto';
import { defaultRetry } from '../../../runtime/define.js';
import type {
  SagaAction,
  SagaAnnouncement,
  SagaArguments,
  SagaCall,
  SagaCompensation,
  SagaPlan,
  SagaSignal,
  SagaStepKind,
  SagaStepPlan,
  SagaValue,
} from '../../../runtime/saga/plan.js';
import { correlationOf } from '../../model/sagas/input.js';
import { messageCalled, type SagaPart } from '../../model/sagas/parts.js';
import { type SagaScope, scopeOf } from '../../model/sagas/scope.js';
import type { Model, Operation, Retry, SagaEnd, SagaStep, SagaAction as WrittenAction } from '../../model/types.js';
import { messageOf, requestOf } from './request.js';

/** Undoing must succeed in the end: it is tried for about ten minutes unless the contract says otherwise. */
const patientRetry: SagaStepPlan['retry'] = {
  attemptsMax: 20,
  backoff: 'exponential',
  initialMs: 1_000,
  maxMs: 60_000,
  jitter: 'full',
};

/** A part of a saga as the engine runs it. The version is a hash of everything else. */
export function planOf(model: Model, part: SagaPart): SagaPlan {
  const { saga, name, steps, undoOn } = part;
  const isLed = saga.style === 'orchestration';
  const all = scopeOf(model, part, steps.length);
  const completed = isLed ? endOf(model, part, saga.onComplete, all) : undefined;
  const compensated = isLed
    ? endOf(model, part, saga.onCompensated, all)
    : part.failure === undefined
      ? undefined
      : announced(model, part, 'publish', part.failure, {}, scopeOf(model, part, 0));
  const plan: Omit<SagaPlan, 'version'> = {
    name,
    style: isLed ? 'orchestration' : 'choreography',
    ...(isLed && saga.timeoutMs !== undefined && { timeoutMs: saga.timeoutMs }),
    steps: steps.map((step, index) => stepOf(model, part, step, index)),
    ...(completed && { completed }),
    ...(compensated && { compensated }),
    ...(undoOn.length > 0 && { undoOn: undoOn.map((message) => signal(part, message)) }),
  };
  return { ...plan, version: createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 12) };
}

/** A message and where the run's id is in it. */
export function signal(part: SagaPart, message: string): SagaSignal {
  return { message, id: correlationOf(part) };
}

function stepOf(model: Model, part: SagaPart, step: SagaStep, index: number): SagaStepPlan {
  const before = scopeOf(model, part, index);
  const after = scopeOf(model, part, index + 1);
  const kind = kindOf(model, part, step, index);
  const action = actionOf(model, part, step, before);
  const told = step.publish !== undefined && step.action.kind !== 'publish' ? step.publish : undefined;
  const key = keyOf(model, part, step.idempotencyKey, step.action, step.service, before);
  const query = queryOf(model, part, step, before);
  return {
    id: step.id,
    kind,
    action,
    ...(told !== undefined && { announce: announced(model, part, 'publish', told, {}, after) }),
    outputs: step.action.kind === 'local' ? {} : (step.outputs as SagaStepPlan['outputs']),
    ...(key !== undefined && { key }),
    ...(step.timeoutMs !== undefined && { timeoutMs: step.timeoutMs }),
    retry: retryOf(step.retry, kind === 'retriable' || kind === 'pivot' ? patientRetry : defaultRetry),
    onFailure: step.onFailure ?? failureOf(kind),
    onUnknown: step.onUnknown ?? (query === undefined ? 'retry-same-key' : 'query'),
    ...(query !== undefined && { query }),
    ...(step.compensate !== undefined && { compensate: compensationOf(model, part, step, step.compensate, after) }),
  };
}

/** What a step is when the contract does not say it. */
export function kindOf(model: Model, part: SagaPart, step: SagaStep, index: number): SagaStepKind {
  if (step.kind !== undefined) return step.kind;
  if (step.compensate !== undefined) return 'compensatable';
  const pivot = part.steps.findIndex((each) => each.kind === 'pivot');
  if (pivot !== -1 && index > pivot) return 'retriable';
  if (step.action.kind === 'receive' || step.action.kind === 'none') return 'query';
  const operation = operationOf(model, part, step.action, step.service);
  return operation?.definition.method === 'get' ? 'query' : 'compensatable';
}

function failureOf(kind: SagaStepKind): SagaStepPlan['onFailure'] {
  if (kind === 'best-effort') return 'continue';
  return kind === 'retriable' ? 'retry' : 'compensate';
}

function retryOf(retry: Retry | undefined, otherwise: SagaStepPlan['retry']): SagaStepPlan['retry'] {
  if (retry === undefined) return otherwise;
  const { attemptsMax, backoff, initialMs, maxMs, jitter } = retry;
  return { attemptsMax, backoff, initialMs, maxMs, jitter };
}

function actionOf(model: Model, part: SagaPart, { action, service }: SagaStep, scope: SagaScope): SagaAction {
  // What a participant receives has started it; there is nothing to wait for any more.
  const isPart = part.saga.style === 'choreography';
  return actOf(model, part, isPart ? { ...action, receive: [], failure: [] } : action, service, scope);
}

function actOf(
  model: Model,
  part: SagaPart,
  action: WrittenAction,
  service: string | undefined,
  scope: SagaScope,
): SagaAction {
  const signals = (names: readonly string[]) => names.map((name) => signal(part, messageCalled(model, name)));
  const answers = { succeeds: signals(action.receive), fails: signals(action.failure) };
  const given = settled(action.with, scope);
  switch (action.kind) {
    case 'local':
      return { kind: 'local', name: action.name, with: given };
    case 'operation':
      return callOf(model, part, action.name, service, given, scope);
    case 'send':
      return { kind: 'send', command: action.name, with: told(model, part, action.name, given, scope), ...answers };
    case 'publish':
      return { kind: 'publish', event: action.name, with: told(model, part, action.name, given, scope), ...answers };
    case 'receive':
      return answers.succeeds.length === 0 ? { kind: 'none' } : { kind: 'receive', ...answers };
    case 'none':
      return { kind: 'none' };
  }
}

function callOf(
  model: Model,
  part: SagaPart,
  name: string,
  service: string | undefined,
  given: SagaArguments,
  scope: SagaScope,
): SagaCall {
  const provider = service ?? part.service;
  const operation = model.operations.get(`${provider}.${name}`);
  if (operation === undefined) return { kind: 'call', provider, operation: name, with: given };
  return { kind: 'call', provider, operation: name, ...requestOf(model, operation, given, scope) };
}

function compensationOf(
  model: Model,
  part: SagaPart,
  step: SagaStep,
  undo: NonNullable<SagaStep['compensate']>,
  scope: SagaScope,
): SagaCompensation {
  const service = undo.service ?? step.service;
  const key = keyOf(model, part, undo.idempotencyKey, undo.action, service, scope);
  return {
    action: actOf(model, part, undo.action, service, scope),
    ...(key !== undefined && { key }),
    retry: retryOf(undo.retry, patientRetry),
  };
}

/** Asks with what the step was given. */
function queryOf(model: Model, part: SagaPart, step: SagaStep, scope: SagaScope): SagaCall | undefined {
  if (step.query === undefined) return undefined;
  return callOf(model, part, step.query, step.service, settled(step.action.with, scope), scope);
}

/**
 * The contract's key as a value. A bare name is an argument of the step, else a value of the run. The name of the operation's own header says only where the
 * key goes: its value is the step's own, which no caller can choose.
 */
export function keyOf(
  model: Model,
  part: SagaPart,
  written: string | undefined,
  action: WrittenAction,
  service: string | undefined,
  scope: SagaScope,
): SagaValue | undefined {
  if (written === undefined) return undefined;
  if (written.startsWith('$')) return scope.settled(written);
  if (Object.hasOwn(action.with, written)) return settled(action.with, scope)[written];
  const operation = operationOf(model, part, action, service);
  if (operation?.idempotencyHeader?.toLowerCase() === written.toLowerCase()) return undefined;
  return scope.called(written)?.text;
}

/** The contract's values, each with the name of the step that it comes from. */
function settled(given: Readonly<Record<string, unknown>>, scope: SagaScope): SagaArguments {
  const one = (value: unknown): SagaValue => {
    if (typeof value === 'string') return scope.settled(value);
    if (Array.isArray(value)) return value.map(one);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, one(inner)]));
    return typeof value === 'number' || typeof value === 'boolean' ? value : null;
  };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, one(value)]));
}

function operationOf(
  model: Model,
  part: SagaPart,
  { kind, name }: WrittenAction,
  service: string | undefined,
): Operation | undefined {
  return kind === 'operation' ? model.operations.get(`${service ?? part.service}.${name}`) : undefined;
}

function endOf(model: Model, part: SagaPart, end: SagaEnd | undefined, scope: SagaScope): SagaAnnouncement | undefined {
  if (end === undefined || (end.action.kind !== 'publish' && end.action.kind !== 'send')) return undefined;
  return announced(model, part, end.action.kind, end.action.name, settled(end.action.with, scope), scope);
}

function announced(
  model: Model,
  part: SagaPart,
  kind: SagaAnnouncement['kind'],
  name: string,
  given: Readonly<Record<string, unknown>>,
  scope: SagaScope,
): SagaAnnouncement {
  return { kind, name, with: told(model, part, name, given, scope) };
}

function told(
  model: Model,
  part: SagaPart,
  name: string,
  given: Readonly<Record<string, unknown>>,
  scope: SagaScope,
): SagaStepPlan['outputs'] {
  return messageOf(model, messageCalled(model, name), given, scope, correlationOf(part));
}
