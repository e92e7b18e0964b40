import type { Operation } from '../../model/types.js';
import { spokenOperation } from '../operation-facts.js';
import type { Rule } from '../rule.js';

/** Two operations of one provider, perhaps of two documents, that answer the same method and path. */
export const operationDuplicate: Rule = {
  id: 'operation-duplicate',
  severity: 'error',
  title: 'A provider answers a method and path by one operation.',
  why: 'Only one of the two can be reached; which one depends on the order of files.',
  fix: 'Take one of them out.',
  requirements: ['TD-31'],
  *check(model) {
    const first = new Map<string, Operation>();
    for (const operation of model.operations.values()) {
      const { method, path } = operation.definition;
      const identity = `${operation.service} ${method} ${path.replace(/\{[^}]*\}/g, '{}')}`;
      const other = first.get(identity);
      if (other === undefined) first.set(identity, operation);
      else {
        yield {
          at: operation.at,
          message: `"${other.id}" and "${operation.id}" of "${operation.service}" both answer ${spokenOperation(operation)}.`,
          subject: `service:${operation.service} operation:${operation.id}`,
          related: [{ at: other.at, message: `"${other.id}"` }],
          fix: 'take one of them out, or give it another path.',
        };
      }
    }
  },
};
