import type { HttpEdge, Model, Policy } from '../../../generator/model/types.js';
import type { CallPolicy } from '../../../runtime/http/policy/policy.js';

/** What generated clients wait for an answer when no policy says how long, ms. */
const timeoutDefaultMs = 10_000;

/** The contract's words about calls of an operation by a service; undefined when it says nothing. */
export function edgeOf(model: Model, caller: string, operation: string): HttpEdge | undefined {
  const [provider = '', ...id] = operation.split('.');
  return model.http.find(
    (edge) => edge.from === caller && edge.to === provider && edge.operations.some((one) => one.id === id.join('.')),
  );
}

/** A contract's policy as the runtime takes it: what the generated client of the same edge has. */
export function callPolicyOf(policy: Policy | undefined): CallPolicy {
  if (policy === undefined) return { timeoutMs: timeoutDefaultMs };
  const { timeoutMs, deadlineMs, retry, circuitBreaker, bulkhead, rateLimit, cache, fallback } = policy;
  return {
    timeoutMs: timeoutMs ?? deadlineMs ?? timeoutDefaultMs,
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(retry !== undefined && retry.attemptsMax > 1 && { retry }),
    ...(circuitBreaker !== undefined && { circuitBreaker }),
    ...(bulkhead !== undefined && { bulkhead }),
    ...(rateLimit !== undefined && { rateLimit }),
    ...(cache !== undefined && { cache }),
    ...(fallback !== undefined && { fallback }),
  };
}
