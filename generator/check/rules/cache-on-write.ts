import { edgeSubject, isRead, operationOf, spokenOperation, spokenPolicy } from '../operation-facts.js';
import type { Rule } from '../rule.js';

/** Operations that change something on an edge whose policy caches. */
export const cacheOnWrite: Rule = {
  id: 'cache-on-write',
  severity: 'warning',
  title: 'Only reads are cached.',
  why: 'A cached answer to a write would mean that the second write never happens. The client leaves such operations uncached, and the contract says otherwise.',
  fix: 'Give writes an edge of their own.',
  requirements: ['EP-37'],
  *check(model) {
    for (const edge of model.http) {
      if (edge.policy?.cache === undefined) continue;
      for (const { id, at } of edge.operations) {
        const operation = operationOf(model, edge.to, id);
        if (operation === undefined || isRead(operation)) continue;
        yield {
          at,
          message: `"${id}" (${spokenOperation(operation)}) changes "${edge.to}", but ${spokenPolicy(edge)} caches its answers.`,
          subject: `${edgeSubject(edge)} operation:${id}`,
          fix: `move "${id}" to an edge whose policy has no cache.`,
        };
      }
    }
  },
};
