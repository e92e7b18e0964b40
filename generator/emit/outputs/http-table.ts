import type { HttpEdge, Model, Operation } from '../../model/types.js';
import { byText, cell, documentFile, nothing } from '../documents/document.js';
import { callCells, policyCells } from '../documents/policy-text.js';
import { sourceLinks } from '../documents/source-links.js';
import type { Emitter } from '../emitter.js';
import { markdownCellCode, markdownText } from '../names.js';

/** `docs/http.md`: operations of every provider with their callers, and how long each call may take in the worst case. */
export const httpTable: Emitter = {
  name: 'http-table',
  summary: 'HTTP operations by provider with callers, and the policy numbers of every call',
  *plan({ model }) {
    const place = sourceLinks(model, 'http.md');
    const operations = [...model.operations.values()].sort((a, b) => byText(a.id, b.id));
    const providers = [...new Set(operations.map((operation) => operation.service))].sort(byText);
    const calls = [...model.http].sort((a, b) => byText(callKey(a), callKey(b)));
    yield documentFile(this.name, 'http-table', model, 'http.md', {
      providers: providers.map((provider) => ({
        name: markdownText(provider),
        operations: operations
          .filter((operation) => operation.service === provider)
          .map((operation) => ({ ...operationView(model, operation), place: place(operation.at) })),
      })),
      calls: calls.map((edge) => ({ ...callView(edge), place: place(edge.at) })),
      policies: policiesInUse(calls).map((name) => ({
        name: markdownText(name),
        ...policyCells(model.policies.get(name)),
      })),
    });
  },
};

function callKey(edge: HttpEdge): string {
  return [edge.from, edge.to, ...edge.operations.map((operation) => operation.id)].join('\u0000');
}

function operationView(model: Model, operation: Operation) {
  const { definition } = operation;
  const callers = model.http
    .filter(
      (edge) => edge.to === operation.service && edge.operations.some((called) => called.id === operationId(operation)),
    )
    .map((edge) => markdownText(edge.from));
  return {
    id: markdownText(operationId(operation)),
    request: markdownCellCode(`${definition.method.toUpperCase()} ${definition.path}`),
    summary: markdownText(definition.summary ?? nothing),
    callers: cell([...new Set(callers)].sort(byText)),
    idempotency: operation.idempotencyHeader === undefined ? nothing : markdownCellCode(operation.idempotencyHeader),
    answers: definition.responses.map((response) => markdownText(response.status)).join(', '),
  };
}

function operationId(operation: Operation): string {
  return operation.definition.id;
}

function callView(edge: HttpEdge) {
  return {
    from: markdownText(edge.from),
    to: markdownText(edge.to),
    operations: cell(edge.operations.map((operation) => markdownText(operation.id))),
    purpose: markdownText(edge.purpose ?? nothing),
    policy: markdownText(edge.policy?.name ?? edge.policyMissing ?? (edge.policy === undefined ? nothing : 'in place')),
    ...callCells(edge.policy),
    nullOn: edge.nullOn.length === 0 ? nothing : edge.nullOn.join(', '),
  };
}

function policiesInUse(calls: readonly HttpEdge[]): readonly string[] {
  return [...new Set(calls.flatMap((edge) => edge.policy?.name ?? []))].sort(byText);
}
