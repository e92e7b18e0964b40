import type {
  SagaAction,
  SagaAnnouncement,
  SagaArguments,
  SagaCall,
  SagaPlan,
  SagaStepPlan,
  SagaValue,
} from '../../../../runtime/saga/plan.js';
import type { Model } from '../../../model/types.js';
import { namedParameters } from '../../http/parameters.js';
import { typeName } from '../../names.js';
import { runValue } from './run-values.js';
import { path, refusals, type State, type TaskOf } from './state.js';

/** The task of a duty. Addresses are substitutions such as `${BankUrl}`, as CloudFormation and Terraform fill them in. */
export function taskIn(model: Model, service: string): TaskOf {
  return (duty) => {
    const { plan } = duty;
    if (!('step' in duty)) {
      const told = duty.kind === 'completed' ? plan.completed : plan.compensated;
      return told === undefined ? { Type: 'Pass' } : announcement(told, values(plan, plan.steps.length, "''"));
    }
    const { kind, step, index } = duty;
    if (kind === 'tell') {
      if (step.announce === undefined) return { Type: 'Pass', ResultPath: null };
      return announcement(step.announce, values(plan, index + 1, "''"));
    }
    const isUndo = kind === 'undo';
    const action = kind === 'ask' ? step.query : isUndo ? step.compensate?.action : step.action;
    const at = index + (isUndo ? 1 : 0);
    const written = isUndo ? step.compensate?.key : step.key;
    const own = `States.Format('{}:${quoted(step.id)}${isUndo ? ':undo' : ''}', $.run.id)`;
    const key = typeof written === 'string' && written.startsWith('$') ? source(plan, at, written, own) : own;
    const base =
      action === undefined ? { Type: 'Pass' } : actionState(model, service, action, values(plan, at, key), key, step);
    const retry = isUndo ? step.compensate?.retry : step.retry;
    const isTask = base.Type === 'Task';
    return {
      ...base,
      ...(isTask && resultOf(plan, step, at, isUndo || (kind === 'ask' && step.action.kind !== 'call'))),
      ...(isTask && { TimeoutSeconds: Math.max(1, Math.ceil((step.timeoutMs ?? plan.timeoutMs ?? 300_000) / 1_000)) }),
      ...(isTask &&
        retry &&
        retry.attemptsMax > 1 && { Retry: [{ ErrorEquals: refusals, MaxAttempts: 0 }, retryState(retry)] }),
    };
  };
}

type Values = (given: SagaArguments) => Readonly<Record<string, unknown>>;

/** Arguments as `Parameters`: what comes from the run has `.$` behind its name. */
function values(plan: SagaPlan, at: number, key: string): Values {
  const entry = (name: string, value: SagaValue): readonly [string, unknown] => {
    if (typeof value === 'string' && value.startsWith('$') && !value.startsWith('$$'))
      return [`${name}.$`, source(plan, at, value, key)];
    if (typeof value === 'string') return [name, value.startsWith('$$') ? value.slice(1) : value];
    if (Array.isArray(value)) return listEntry(plan, at, key, name, value);
    if (typeof value !== 'object' || value === null) return [name, value];
    return [name, Object.fromEntries(Object.entries(value).map(([inner, each]) => entry(inner, each)))];
  };
  return (given) => Object.fromEntries(Object.entries(given).map(([name, value]) => entry(name, value)));
}

/** Lists that hold values of the run are made by an intrinsic function. */
function listEntry(
  plan: SagaPlan,
  at: number,
  key: string,
  name: string,
  items: readonly SagaValue[],
): readonly [string, unknown] {
  const isSource = (item: SagaValue): item is string => typeof item === 'string' && item.startsWith('$');
  if (!items.some(isSource)) return [name, items];
  const texts = items.map((item) => (isSource(item) ? source(plan, at, item, key) : `'${quoted(String(item))}'`));
  return [`${name}.$`, `States.Array(${texts.join(', ')})`];
}

/** A value of the run as a path or an intrinsic function. */
function source(plan: SagaPlan, at: number, text: string, key: string): string {
  const value = runValue(plan, at, text);
  switch (value.from) {
    case 'run':
      return '$.run.id';
    case 'key':
      return key;
    case 'input':
      return path(['$', 'input', ...value.path]);
    case 'step':
      return path(['$', 'steps', value.step, ...value.path]);
    case 'answer':
      return path(['$', 'ResponseBody', ...value.path]);
    case 'plain':
      return `'${quoted(String(value.value))}'`;
  }
}

function quoted(text: string): string {
  return text.replace(/[\\'{}]/g, '\\$&');
}

function actionState(
  model: Model,
  service: string,
  action: SagaAction,
  given: Values,
  key: string,
  step: SagaStepPlan,
): State {
  switch (action.kind) {
    case 'call':
      return callState(model, action, given, key);
    case 'local':
      return {
        Type: 'Task',
        Resource: `\${${typeName(`${service} ${action.name}`)}Function}`,
        Parameters: {
          ...{ 'run.$': '$.run', 'input.$': '$.input', 'steps.$': '$.steps', 'key.$': key },
          with: given(action.with),
        },
      };
    case 'send':
      return messageState(
        `\${${typeName(action.command)}Queue}`,
        action.command,
        given(action.with),
        key,
        isAwaited(action),
      );
    case 'publish':
      return announcement({ kind: 'publish', name: action.event, with: action.with }, given);
    case 'receive':
      return messageState(
        `\${${typeName(service)}AnswersQueue}`,
        `answer to ${step.id}`,
        { awaits: action.succeeds.map(({ message }) => message) },
        key,
        true,
      );
    case 'none':
      return { Type: 'Pass', ResultPath: null };
  }
}

function isAwaited({ succeeds, fails }: { readonly succeeds: readonly unknown[]; readonly fails: readonly unknown[] }) {
  return succeeds.length + fails.length > 0;
}

/** A message to a queue. Whoever gets the answer hands the token back: SendTaskSuccess, or SendTaskFailure with the error SagaRefused. */
function messageState(
  queue: string,
  type: string,
  body: Readonly<Record<string, unknown>>,
  key: string,
  waits: boolean,
): State {
  return {
    Type: 'Task',
    Resource: `arn:aws:states:::sqs:sendMessage${waits ? '.waitForTaskToken' : ''}`,
    Parameters: {
      QueueUrl: queue,
      MessageBody: body,
      MessageAttributes: {
        type: { DataType: 'String', StringValue: type },
        run: { DataType: 'String', 'StringValue.$': '$.run.id' },
        key: { DataType: 'String', 'StringValue.$': key },
        ...(waits && { token: { DataType: 'String', 'StringValue.$': '$$.Task.Token' } }),
      },
    },
  };
}

function announcement({ kind, name, with: given }: SagaAnnouncement, made: Values): State {
  const attributes = {
    type: { DataType: 'String', StringValue: name },
    run: { DataType: 'String', 'StringValue.$': '$.run.id' },
  };
  const sent =
    kind === 'send'
      ? { QueueUrl: `\${${typeName(name)}Queue}`, MessageBody: made(given), MessageAttributes: attributes }
      : { TopicArn: `\${${typeName(name)}Topic}`, Message: made(given), MessageAttributes: attributes };
  return {
    Type: 'Task',
    Resource: kind === 'send' ? 'arn:aws:states:::sqs:sendMessage' : 'arn:aws:states:::sns:publish',
    Parameters: sent,
    ResultPath: null,
    Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 10, BackoffRate: 2, MaxDelaySeconds: 60 }],
  };
}

function callState(model: Model, call: SagaCall, made: Values, key: string): State {
  const operation = model.operations.get(`${call.provider}.${call.operation}`);
  const given = made(call.with);
  const parameters = operation === undefined ? [] : namedParameters(operation);
  const at = (place: string) =>
    parameters.filter(({ parameter, as }) => parameter.in === place && (as in given || `${as}.$` in given));
  const named = (place: string) =>
    Object.fromEntries(
      at(place).map(({ parameter, as }) =>
        as in given ? [parameter.name, given[as]] : [`${parameter.name}.$`, given[`${as}.$`]],
      ),
    );
  const header = operation?.idempotencyHeader;
  const headers = {
    ...named('header'),
    ...(header !== undefined && call.keyAs !== undefined && { [`${header}.$`]: key }),
  };
  const query = named('query');
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::http:invoke',
    Parameters: {
      ...endpoint(
        call,
        operation?.definition.path ?? '/',
        at('path').map(({ parameter, as }) => [parameter.name, given[`${as}.$`] ?? `'${quoted(String(given[as]))}'`]),
      ),
      Method: (operation?.definition.method ?? 'post').toUpperCase(),
      Authentication: { ConnectionArn: `\${${typeName(call.provider)}Connection}` },
      ...(Object.keys(headers).length > 0 && { Headers: headers }),
      ...(Object.keys(query).length > 0 && { QueryParameters: query }),
      ...('body' in given && { RequestBody: given.body }),
      ...('body.$' in given && { 'RequestBody.$': given['body.$'] }),
    },
  };
}

/** The address, with the values of the run in its path. */
function endpoint(
  { provider }: SagaCall,
  template: string,
  inPath: readonly (readonly [name: string, value: unknown])[],
): Readonly<Record<string, unknown>> {
  const url = `\${${typeName(provider)}Url}`;
  if (inPath.length === 0) return { ApiEndpoint: url + template };
  const found: unknown[] = [];
  const text = template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    found.push(inPath.find(([each]) => each === name)?.[1] ?? "''");
    return '{}';
  });
  return { 'ApiEndpoint.$': `States.Format('${url}${text}', ${found.join(', ')})` };
}

/** What a step leaves behind. */
function resultOf(plan: SagaPlan, step: SagaStepPlan, at: number, isDropped: boolean): State {
  const { outputs, action } = step;
  if (isDropped || action.kind === 'publish') return { ResultPath: null };
  const ResultPath = path(['$', 'steps', step.id]);
  if (action.kind === 'local') return { ResultPath };
  const root = action.kind === 'call' ? ['$', 'ResponseBody'] : ['$'];
  const kept = Object.entries(outputs).flatMap(([name, value]) => {
    const read = runValue(plan, at, value);
    return read.from === 'answer' ? [[`${name}.$`, path([...root, ...read.path])] as const] : [];
  });
  return kept.length === 0 ? { ResultPath: null } : { ResultSelector: Object.fromEntries(kept), ResultPath };
}

function retryState({ attemptsMax, backoff, initialMs, maxMs, jitter }: SagaStepPlan['retry']): State {
  return {
    ErrorEquals: ['States.TaskFailed'],
    IntervalSeconds: Math.max(1, Math.round(initialMs / 1_000)),
    MaxAttempts: attemptsMax - 1,
    BackoffRate: backoff === 'exponential' ? 2 : 1,
    ...(backoff === 'exponential' && { MaxDelaySeconds: Math.max(2, Math.round(maxMs / 1_000)) }),
    JitterStrategy: jitter === 'none' ? 'NONE' : 'FULL',
  };
}
