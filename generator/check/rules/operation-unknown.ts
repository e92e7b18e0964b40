import type { Position } from '../../diagnostics/position.js';
import type { Model } from '../../model/types.js';
import { edgeSubject, operationOf, operationsOf } from '../operation-facts.js';
import type { Rule } from '../rule.js';
import { meant } from '../wording.js';

/** Operations of HTTP edges, of `full_sync` and of `calls`. A provider without any OpenAPI document is a warning: there is no client to generate. */
export const operationUnknown: Rule = {
  id: 'operation-unknown',
  severity: 'error',
  title: 'Every operation that is named stands in the OpenAPI document of its provider.',
  why: 'No client can be generated for it, and a change of the provider cannot be seen to break the caller.',
  fix: 'Correct the name, or add the operation to the OpenAPI document.',
  requirements: ['EP-35', 'TD-31'],
  *check(model) {
    for (const { provider, id, how, subject, at } of usesOf(model)) {
      if (operationOf(model, provider, id) !== undefined) continue;
      const known = operationsOf(model, provider).map((operation) => operation.id);
      yield {
        at,
        message:
          known.length === 0
            ? `${how} "${id}" of "${provider}", which no OpenAPI document describes.`
            : `${how} "${id}", which the OpenAPI document of "${provider}" does not have.`,
        subject: `${subject} operation:${id}`,
        fix:
          known.length === 0
            ? `name the document: openapi: { ${provider}: ./${provider}.openapi.yaml }.`
            : meant(id, known, `add operationId: ${id} to the document of "${provider}"`),
        ...(known.length === 0 ? { severity: 'warning' as const } : {}),
      };
    }
    for (const { id, service, at } of handlerCalls(model)) {
      const providers = new Set(model.http.filter((edge) => edge.from === service).map((edge) => edge.to));
      const reachable = [...model.operations.values()]
        .filter((each) => providers.has(each.service))
        .map((each) => each.id);
      if (reachable.includes(id)) continue;
      yield {
        at,
        message: `"${service}" calls "${id}" in a handler, but no HTTP edge of "${service}" leads to such an operation.`,
        subject: `service:${service} operation:${id}`,
        fix: meant(
          id,
          reachable,
          `declare the edge: http: [{ from: ${service}, to: <provider>, operations: [${id}] }]`,
        ),
      };
    }
  },
};

function* usesOf(model: Model): Iterable<{ provider: string; id: string; how: string; subject: string; at: Position }> {
  for (const edge of model.http) {
    for (const { id, at } of edge.operations) {
      yield { provider: edge.to, id, how: `"${edge.from}" calls`, subject: edgeSubject(edge), at };
    }
  }
  for (const entity of model.entities.values()) {
    const id = entity.fullSync?.operationId;
    if (id === undefined || entity.fullSync === undefined) continue;
    yield {
      provider: entity.owner,
      id,
      how: `full sync of "${entity.name}" calls`,
      subject: `entity:${entity.name}`,
      at: entity.fullSync.at,
    };
  }
}

function handlerCalls(
  model: Model,
): readonly { readonly id: string; readonly service: string; readonly at: Position }[] {
  const consumers = [
    ...[...model.entities.values()].flatMap((entity) => entity.consumers),
    ...[...model.events.values()].flatMap((event) => event.consumers),
  ];
  return consumers.flatMap((consumer) =>
    consumer.calls.map((call) => ({ id: call.operationId, service: consumer.service, at: call.at })),
  );
}
