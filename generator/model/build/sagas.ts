import type { Job, Saga, SagaAction, SagaEnd, SagaStep, SagaText } from '../types.js';
import { type BuildContext, sharedFiles } from './context.js';
import { isMapping, type Node } from './node.js';
import { duration, invariants, optional, retry } from './values.js';

export function buildSagas(context: BuildContext): Map<string, Saga> {
  const sagas = new Map<string, Saga>();
  for (const file of sharedFiles(context)) {
    for (const [name, node] of file.node.get('sagas').entries()) {
      if (!sagas.has(name)) sagas.set(name, saga(name, node, file.name));
    }
  }
  return sagas;
}

export function buildJobs(context: BuildContext): Map<string, Job> {
  const jobs = new Map<string, Job>();
  for (const file of sharedFiles(context)) {
    for (const [name, node] of file.node.get('jobs').entries()) {
      if (jobs.has(name)) continue;
      const repeated = retry(node.get('retry'));
      jobs.set(name, {
        name,
        service: node.get('service').text() ?? '',
        schedule: node.get('schedule').text() ?? '',
        timezone: node.get('timezone').text() ?? 'UTC',
        attemptsMax: node.get('max_attempts').number() ?? repeated?.attemptsMax ?? 1,
        ...optional('retry', repeated),
        ...optional('idempotencyKey', node.get('idempotency_key').text()),
        ...optional('forEach', node.get('for_each').text()),
        forEachAt: node.get('for_each').at,
        publishes: node.get('publishes').texts(),
        ...optional('description', node.get('description').text()),
        catchUp: (node.get('catch_up').text() ?? 'none') as Job['catchUp'],
        feature: file.name,
        at: node.keyAt,
      });
    }
  }
  return jobs;
}

function saga(name: string, node: Node, feature: string): Saga {
  const [kind, trigger] = node.get('trigger').entries()[0] ?? [];
  return {
    name,
    ...optional('orchestrator', node.get('orchestrator').text()),
    style: (node.get('style').text() ?? 'orchestration') as Saga['style'],
    styleAt: node.get('style').at,
    ...(kind !== undefined && trigger !== undefined
      ? {
          trigger: {
            kind: kind === 'operationId' ? 'operation' : (kind as 'event' | 'command' | 'job'),
            name: trigger.text() ?? '',
            at: trigger.at,
          },
        }
      : {}),
    ...optional('correlationKey', node.get('correlation_key').text()),
    ...optional('idempotencyKey', node.get('idempotency_key').text()),
    ...optional('timeoutMs', duration(node.get('timeout'))),
    steps: node.get('steps').items().map(step),
    ...optional('onComplete', end(node, 'on_complete')),
    ...optional('onCompensated', end(node, 'on_compensated')),
    invariants: invariants(node.get('invariants')),
    ...optional('description', node.get('description').text()),
    feature,
    at: node.keyAt,
  };
}

function step(node: Node): SagaStep {
  const compensate = node.get('compensate');
  return {
    id: node.get('stepId').text() ?? '',
    ...optional('service', node.get('service').text()),
    action: action(node),
    ...optional('publish', node.get('publish').text()),
    ...optional('kind', node.get('kind').text() as SagaStep['kind']),
    outputs: mapping(node.get('outputs')),
    ...optional('idempotencyKey', node.get('idempotency_key').text()),
    ...optional('timeoutMs', duration(node.get('timeout'))),
    ...optional('retry', retry(node.get('retry'))),
    ...(compensate.exists
      ? {
          compensate: {
            ...optional('service', compensate.get('service').text()),
            action: action(compensate),
            ...optional('idempotencyKey', compensate.get('idempotency_key').text()),
            ...optional('retry', retry(compensate.get('retry'))),
            at: compensate.keyAt,
          },
        }
      : {}),
    ...optional('onFailure', node.get('on_failure').text() as SagaStep['onFailure']),
    ...optional('onUnknown', node.get('on_unknown').text() as SagaStep['onUnknown']),
    ...optional('query', node.get('query').text()),
    texts: [
      ...['with', 'outputs', 'idempotency_key'].flatMap((place) => texts(node.get(place), place)),
      ...['with', 'idempotency_key'].flatMap((place) => texts(compensate.get(place), `compensate.${place}`)),
    ],
    at: node.at,
  };
}

function end(node: Node, key: 'on_complete' | 'on_compensated'): SagaEnd | undefined {
  const told = node.get(key);
  if (!told.exists) return undefined;
  return { action: action(told), texts: texts(told.get('with'), `${key}.with`), at: told.keyAt };
}

/** What a step does; a step that has a call and a `publish` acts first and publishes with it, one that sends may wait for an answer. */
function action(node: Node): SagaAction {
  const kinds = [
    ['operationId', 'operation'],
    ['local', 'local'],
    ['send', 'send'],
    ['receive', 'receive'],
    ['publish', 'publish'],
  ] as const;
  const receive = oneOrMore(node.get('receive'));
  const rest = { with: mapping(node.get('with')), receive, failure: oneOrMore(node.get('failure')) };
  for (const [key, kind] of kinds) {
    const name = key === 'receive' ? receive[0] : node.get(key).text();
    if (name !== undefined) return { kind, name, ...rest };
  }
  return { kind: 'none', name: '', ...rest };
}

function mapping(node: Node): Readonly<Record<string, unknown>> {
  return isMapping(node.value) ? node.value : {};
}

function oneOrMore(node: Node): readonly string[] {
  const one = node.text();
  return one === undefined ? node.texts() : [one];
}

/** Every text below a node, since each may say where a value comes from. */
function texts(node: Node, place: string, path = ''): readonly SagaText[] {
  const text = node.text();
  if (text !== undefined) return [{ place, path, text, at: node.at }];
  const below = node.isList ? node.items().map((item, index) => [String(index), item] as const) : node.entries();
  return below.flatMap(([name, inner]) => texts(inner, place, path === '' ? name : `${path}.${name}`));
}
