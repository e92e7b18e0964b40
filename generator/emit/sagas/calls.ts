import type { SagaAction, SagaCall } from '../../../runtime/saga/plan.js';
import type { EmitInput } from '../emitter.js';
import { memberAccess, stringLiteral } from '../names.js';
import { clientProperties } from '../outputs/http-clients.js';
import type { ServiceFacts } from '../service-facts.js';
import { planOf } from './plan.js';

/** Methods of clients that the sagas of a service call, as members of an object; those that no `http` edge allows are left to the rules. */
export function sagaCallsOf(input: EmitInput, facts: ServiceFacts): readonly string[] {
  const properties = clientProperties(input, facts.calls);
  const calls = facts.sagas
    .flatMap((part) => planOf(input.model, part).steps)
    .flatMap(({ action, query, compensate }) => [action, query, compensate?.action])
    .filter(isCall);
  const members = calls.flatMap(({ provider, operation }) => {
    const property = properties.get(provider);
    const isAllowed = facts.calls.some(
      (edge) => edge.to === provider && edge.operations.some(({ id }) => id === operation),
    );
    const method = input.http.documents
      .filter(({ document }) => document.service === provider)
      .flatMap(({ operations }) => operations)
      .find((each) => each.operation.id === operation)?.name;
    if (property === undefined || method === undefined || !isAllowed) return [];
    const text = `clients${memberAccess(property, false)}${memberAccess(method, false)}`;
    return [`${stringLiteral(`${provider}.${operation}`)}: ${text},`];
  });
  return [...new Set(members)];
}

function isCall(action: SagaAction | undefined): action is SagaCall {
  return action?.kind === 'call';
}
