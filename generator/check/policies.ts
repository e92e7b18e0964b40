import { formatPosition } from '../diagnostics/position.js';
import type { Model, Policy } from '../model/types.js';
import { edgeSubject } from './operation-facts.js';

/** A policy as rules speak of it. */
export interface WrittenPolicy {
  readonly policy: Policy;
  /** `policy "internal"`, or `the policy of the call from "sales" to "common"`. */
  readonly what: string;
  /** Stable identity for `accept`: the name, or the edge of a policy without one. */
  readonly subject: string;
}

/** Every policy that is written somewhere, once: the named ones first, then those written in place at an edge. */
export function policiesOf(model: Model): readonly WrittenPolicy[] {
  const named = [...model.policies.values()].map((policy) => withName(policy));
  const used = model.http.flatMap((edge): readonly WrittenPolicy[] => {
    const { policy } = edge;
    if (policy === undefined) return [];
    if (policy.name !== undefined) return [withName(policy)];
    return [{ policy, what: `the policy of the call from "${edge.from}" to "${edge.to}"`, subject: edgeSubject(edge) }];
  });
  return [...new Map([...named, ...used].map((each) => [formatPosition(each.policy.at), each])).values()];
}

function withName(policy: Policy): WrittenPolicy {
  return { policy, what: `policy "${policy.name}"`, subject: `policy:${policy.name}` };
}
