import type { Clock } from '../../runtime/clock.js';
import type { CallOptions } from '../../runtime/http/client.js';
import { HttpStatusError, UnexpectedReplyError } from '../../runtime/http/errors.js';
import { inScope } from '../../runtime/scope.js';
import type { Happening } from '../history.js';
import { type CallStep, correlationOf } from '../plan.js';
import { NoValueError } from '../values.js';
import type { InhabitedWorld } from './inhabited.js';
import { type GroupedRequest, requestFor } from './providers/request.js';

/** What a call came to. */
export interface Answered {
  /** Undefined when there was no answer. */
  readonly status: number | undefined;
  readonly body: unknown;
  readonly error: string | undefined;
}

/** What a caller says beside the contract's parameters, and in place of what was made up. */
export interface CallMore {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A client calls an operation as its contract says. What it is answered is seen and given; rejects only when the call cannot be made. */
export async function performCall(
  world: Pick<InhabitedWorld, 'callers' | 'witness'> & { readonly clock: Pick<Clock, 'now'> },
  step: CallStep,
  more: CallMore = {},
): Promise<Answered> {
  const found = world.callers.operation(step.caller, step.operation, step.as);
  if (found === undefined) throw new NoValueError(`no contract has the operation "${step.operation}"`);
  const { operation, call } = found;
  const made = requestFor(operation, step.value, { ...step.set, ...taken(world.witness.happenings, step) });
  const request = withKey('body' in more ? { ...made, body: more.body } : made, step.idempotencyKey);
  const deadlineAtMs = step.deadlineMs === undefined ? undefined : world.clock.now() + step.deadlineMs;
  const scope = {
    ...{ service: step.caller, cause: { correlationId: correlationOf(step.id) } },
    ...(deadlineAtMs !== undefined && { deadlineAtMs }),
  };
  const answered = await inScope(scope, () => asked((options) => call(request, { ...options, ...headersOf(more) })));
  const { status, error } = answered;
  world.witness.see(step.caller, step.id, {
    ...{ kind: 'answered', operation: step.operation },
    ...(status !== undefined && { status }),
    ...(error !== undefined && { error }),
  });
  return answered;
}

async function asked(call: (options: CallOptions) => Promise<unknown>): Promise<Answered> {
  let status: number | undefined;
  const onAnswer: CallOptions['onAnswer'] = (info) => {
    status = info.status;
  };
  try {
    const body = await call({ onAnswer });
    return { status, body, error: undefined };
  } catch (error) {
    if (error instanceof HttpStatusError) return { status: error.status, body: error.body, error: String(error) };
    if (error instanceof UnexpectedReplyError)
      return { status: error.status, body: error.excerpt, error: String(error) };
    return { status, body: undefined, error: String(error) };
  }
}

function headersOf({ headers }: CallMore): CallOptions {
  return headers === undefined ? {} : { headers };
}

function withKey(request: GroupedRequest, idempotencyKey: string | undefined): GroupedRequest {
  if (idempotencyKey === undefined) return request;
  return { ...request, headers: { ...(request['headers'] as object | undefined), idempotencyKey } };
}

/** What an earlier call was answered, where the step asks for it; left as made up when there was no such answer. */
function taken(happenings: readonly Happening[], { take = {} }: CallStep): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(take).flatMap(([path, { of, at }]) => {
      const answered = happenings.findLast(
        (one) => one.kind === 'served' && one.step === of && one.status < 300 && one.body !== undefined,
      );
      const value = answered?.kind === 'served' ? read(answered.body, at) : undefined;
      return value === undefined ? [] : [[path, value]];
    }),
  );
}

function read(value: unknown, path: string): unknown {
  return path
    .split('.')
    .filter((name) => name !== '')
    .reduce<unknown>(
      (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
      value,
    );
}
