import { sagaParts } from '../../model/sagas/parts.js';
import { operationOf } from '../operation-facts.js';
import type { Rule } from '../rule.js';
import { spokenStep, stepSubject } from '../saga-steps.js';

/** Operations that steps, compensations and queries call, without an `http` edge from the service that runs the saga. */
export const sagaCallUndeclared: Rule = {
  id: 'saga-call-undeclared',
  severity: 'error',
  title: 'Whatever a saga calls stands among the calls of its service.',
  why: 'Without the edge there is no client, no timeout and no circuit breaker for the call: the run gets stuck at the step.',
  fix: 'Add the operation to an `http` edge.',
  requirements: ['DH-39', 'SE-54'],
  *check(model) {
    for (const part of sagaParts(model)) {
      for (const step of part.steps) {
        const undo = step.compensate;
        const provider = step.service ?? part.service;
        const calls = [
          ...(step.action.kind === 'operation' ? [{ provider, id: step.action.name, at: step.at }] : []),
          ...(step.query === undefined ? [] : [{ provider, id: step.query, at: step.at }]),
          ...(undo?.action.kind === 'operation'
            ? [{ provider: undo.service ?? provider, id: undo.action.name, at: undo.at }]
            : []),
        ];
        for (const call of calls) {
          if (operationOf(model, call.provider, call.id) === undefined) continue;
          const isDeclared = model.http.some(
            ({ from, to, operations }) =>
              from === part.service && to === call.provider && operations.some(({ id }) => id === call.id),
          );
          if (isDeclared) continue;
          yield {
            at: call.at,
            message: `${spokenStep(part.saga, step)} calls "${call.id}" of "${call.provider}", and "${part.service}" has no http edge to it.`,
            subject: `${stepSubject(part.saga, step)} operation:${call.id}`,
            fix: `write http: [{ from: ${part.service}, to: ${call.provider}, operations: [${call.id}], policy: <name> }].`,
          };
        }
      }
    }
  },
};
