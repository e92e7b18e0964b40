import { edgeSubject, operationOf } from '../operation-facts.js';
import type { Rule } from '../rule.js';

/** Statuses of `null_on` that no operation of the edge documents. */
export const nullOnUndocumented: Rule = {
  id: 'null-on-undocumented',
  severity: 'warning',
  title: 'A status that means "none" is documented by the operation.',
  why: 'An undocumented 404 may come from a proxy or a wrong base URL: the client would report "no such customer" while it talks to nobody.',
  fix: 'Document the response, or take the status out of `null_on`.',
  requirements: ['EP-35'],
  *check(model) {
    for (const edge of model.http) {
      for (const status of edge.nullOn) {
        const operations = edge.operations.flatMap((each) => operationOf(model, edge.to, each.id) ?? []);
        const statuses = operations.flatMap((operation) =>
          operation.definition.responses.map((response) => response.status),
        );
        if (
          operations.length === 0 ||
          statuses.includes(String(status)) ||
          statuses.includes(`${Math.floor(status / 100)}XX`)
        )
          continue;
        yield {
          at: edge.at,
          message: `"${edge.from}" reads ${status} of "${edge.to}" as null, but none of its operations documents ${status}.`,
          subject: `${edgeSubject(edge)} status:${status}`,
          fix: `add the response "${status}" to the operation, or take it out of null_on.`,
        };
      }
    }
  },
};
