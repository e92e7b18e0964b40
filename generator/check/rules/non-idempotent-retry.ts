import type { Retry } from '../../model/types.js';
import { edgeSubject, isRepeatable, operationOf, spokenOperation, spokenPolicy } from '../operation-facts.js';
import type { Rule } from '../rule.js';

/** Answers by which a server says that it has not begun. After anything else the effect may have happened. */
const refusals = new Set(['425', '429', '503']);

/** HTTP edges and saga steps that repeat a POST or PATCH without an idempotency key. */
export const nonIdempotentRetry: Rule = {
  id: 'non-idempotent-retry',
  severity: 'error',
  title: 'A call is repeated only when repeating it does no harm.',
  why: 'A timeout does not say whether the server acted. A second POST then charges, creates or sends a second time.',
  fix: 'Let the operation take an `Idempotency-Key` header, or do not retry.',
  requirements: ['TD-96', 'SE-56', 'DH-46'],
  *check(model) {
    for (const edge of model.http) {
      const retry = edge.policy?.retry;
      if (retry === undefined || !repeatsBlindly(retry)) continue;
      for (const { id, at } of edge.operations) {
        const operation = operationOf(model, edge.to, id);
        if (operation === undefined || isRepeatable(operation)) continue;
        yield {
          at,
          message: `"${edge.from}" tries "${id}" (${spokenOperation(operation)}) of "${edge.to}" up to ${retry.attemptsMax} times by ${spokenPolicy(edge)}, but the operation takes no idempotency key.`,
          subject: `${edgeSubject(edge)} operation:${id}`,
          related: [{ at: operation.at, message: 'the operation' }],
          fix: `add an Idempotency-Key header to "${id}", or give it an edge of its own with retry: { max_attempts: 1 }.`,
        };
      }
    }
    for (const saga of model.sagas.values()) {
      for (const step of saga.steps) {
        const operation =
          step.action.kind === 'operation' ? operationOf(model, step.service ?? '', step.action.name) : undefined;
        if (
          step.retry === undefined ||
          !repeatsBlindly(step.retry) ||
          operation === undefined ||
          isRepeatable(operation)
        )
          continue;
        yield {
          at: step.retry.at,
          message: `step "${step.id}" of saga "${saga.name}" tries "${operation.id}" (${spokenOperation(operation)}) up to ${step.retry.attemptsMax} times, but the operation takes no idempotency key.`,
          subject: `saga:${saga.name} step:${step.id}`,
          related: [{ at: operation.at, message: 'the operation' }],
          fix: `add an Idempotency-Key header to "${operation.id}", or write max_attempts: 1.`,
        };
      }
    }
  },
};

function repeatsBlindly(retry: Retry): boolean {
  const onlyRefusals = retry.on.length > 0 && retry.on.every((reason) => refusals.has(reason));
  return retry.attemptsMax > 1 && !onlyRefusals;
}
