import type { Job, Saga, SagaStep } from '../types.js';
import { type BuildContext, sharedFiles } from './context.js';
import type { Node } from './node.js';
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
      jobs.set(name, {
        name,
        service: node.get('service').text() ?? '',
        schedule: node.get('schedule').text() ?? '',
        timezone: node.get('timezone').text() ?? 'UTC',
        attemptsMax: node.get('max_attempts').number() ?? 1,
        ...optional('idempotencyKey', node.get('idempotency_key').text()),
        ...optional('forEach', node.get('for_each').text()),
        publishes: node.get('publishes').texts(),
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
    invariants: invariants(node.get('invariants')),
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
    with: (node.get('with').value ?? {}) as SagaStep['with'],
    outputs: (node.get('outputs').value ?? {}) as SagaStep['outputs'],
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
    at: node.at,
  };
}

/** What a step does; a step that has a call and a `publish` acts first and publishes with it. */
function action(node: Node): SagaStep['action'] {
  const kinds = [
    ['operationId', 'operation'],
    ['local', 'local'],
    ['send', 'send'],
    ['receive', 'receive'],
    ['publish', 'publish'],
  ] as const;
  for (const [key, kind] of kinds) {
    const name = node.get(key).text();
    if (name !== undefined) return { kind, name };
  }
  return { kind: 'none', name: '' };
}
