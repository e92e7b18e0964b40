import { formatPosition } from '../diagnostics/position.js';
import type { Model, Policy } from '../model/types.js';

/** Every policy that is written somewhere, once: the named ones first, then those written in place at an edge. */
export function policiesOf(model: Model): readonly Policy[] {
  const all = [...model.policies.values(), ...model.http.flatMap((edge) => edge.policy ?? [])];
  return [...new Map(all.map((policy) => [formatPosition(policy.at), policy])).values()];
}

/** Stable identity for `accept`: the name, or the place of a policy without one. */
export function policySubject(policy: Policy): string {
  return `policy:${policy.name ?? `${policy.at.file}:${policy.at.line}`}`;
}

/** `policy "internal"`, or `the policy of this edge`. */
export function spokenPolicyName(policy: Policy): string {
  return policy.name === undefined ? 'the policy of this edge' : `policy "${policy.name}"`;
}
