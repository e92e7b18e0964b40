import type { Position } from '../../diagnostics/position.js';
import type { Model } from '../../model/types.js';
import { edgeSubject, operationOf, operationsOf } from '../operation-facts.js';
import type { Rule } from '../rule.js';
import { meant } from '../wording.js';

/** Operations of HTTP edges, of `full_sync` and of `calls`. A provider without any OpenAPI document is one warning: there is no client to generate. */
export const operationUnknown: Rule = {
  id: 'operation-unknown',
  severity: 'error',
  title: 'Every operation that is named stands in the OpenAPI document of its provider.',
  why: 'No client can be generated for it, and a change of the provider cannot be seen to break the caller.',
  fix: 'Correct the name, or add the operation to the OpenAPI document.',
  requirements: ['EP-35', 'TD-31'],
  *check(model) {
    const undescribed = new Map<string, [Use, ...Use[]]>();
    for (const use of usesOf(model)) {
      const { provider, id, how, subject, at } = use;
      if (operationOf(model, provider, id) !== undefined) continue;
      const known = operationsOf(model, provider).map((operation) => operation.id);
      const others = undescribed.get(provider);
      if (known.length > 0) {
        yield {
          at,
          message: `${how} "${id}", which the OpenAPI document of "${provider}" does not have.`,
          subject: `${subject} operation:${id}`,
          fix: meant(id, known, `add operationId: ${id} to the document of "${provider}"`),
        };
      } else if (others) others.push(use);
      else undescribed.set(provider, [use]);
    }
    for (const [provider, [first, ...others]] of undescribed) {
      yield {
        at: first.at,
        message: `${first.how} "${first.id}" of "${provider}", which no OpenAPI document describes.`,
        subject: `service:${provider}`,
        related: others.map((use) => ({ at: use.at, message: `${use.how} "${use.id}"` })),
        fix: `name the document: openapi: { ${provider}: ./${provider}.openapi.yaml }.`,
        severity: 'warning',
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

interface Use {
  readonly provider: string;
  readonly id: string;
  readonly how: string;
  readonly subject: string;
  readonly at: Position;
}

function* usesOf(model: Model): Iterable<Use> {
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
