import type { Endpoint, Model } from '../../model/types.js';
import { listenedTo } from '../listened-to.js';
import { edgeSubject, operationOf, operationsOf, spokenOperation } from '../operation-facts.js';
import type { Rule, Violation } from '../rule.js';
import { quoted } from '../wording.js';

/**
 * A call is open when neither the edge nor the operation names a security scheme; an endpoint with `auth_required: true` must not be open. For messages, one piece
 * of advice per feature: who may read is usually decided at the broker.
 */
export const securityMissing: Rule = {
  id: 'security-missing',
  severity: 'warning',
  title: 'Every edge says who may use it.',
  why: 'Inside a network everybody can reach everybody. An open operation lets any service, and whoever got into one, act as any other.',
  fix: 'Write `security` at the edge or the operation.',
  requirements: ['SE-61', 'SE-06'],
  *check(model) {
    for (const edge of model.http) {
      if (edge.security !== undefined) continue;
      const open = edge.operations.flatMap((each) => operationOf(model, edge.to, each.id) ?? []);
      for (const operation of open) {
        if ((operation.definition.security?.length ?? 0) > 0) continue;
        yield {
          at: edge.at,
          message: `"${edge.from}" calls "${operation.id}" (${spokenOperation(operation)}) of "${edge.to}", and neither the edge nor the operation names a security scheme.`,
          subject: `${edgeSubject(edge)} operation:${operation.id}`,
          related: [{ at: operation.at, message: 'the operation' }],
          fix: `write security: [${edge.from}] at the edge, or security: [{ serviceToken: [] }] at the operation.`,
        };
      }
    }
    yield* openEndpoints(model);
    yield* openMessages(model);
  },
};

function* openEndpoints(model: Model): Iterable<Violation> {
  for (const feature of model.features.values()) {
    for (const file of feature.serviceFiles) {
      for (const endpoint of file.endpoints) {
        const operation = operationsOf(model, file.service).find((each) => serves(each.definition, endpoint));
        if (
          endpoint.authRequired !== true ||
          operation === undefined ||
          (operation.definition.security?.length ?? 0) > 0
        )
          continue;
        yield {
          at: endpoint.at,
          message: `"${endpoint.method} ${endpoint.path}" of "${file.service}" requires authentication here, but its operation "${operation.id}" is open.`,
          subject: `feature:${feature.name} endpoint:${endpoint.method} ${endpoint.path}`,
          related: [{ at: operation.at, message: 'the operation' }],
          fix: `write security at "${operation.id}".`,
        };
      }
    }
  }
}

function serves(definition: { readonly method: string; readonly path: string }, endpoint: Endpoint): boolean {
  return definition.method.toUpperCase() === endpoint.method && definition.path === endpoint.path;
}

function* openMessages(model: Model): Iterable<Violation> {
  const open = listenedTo(model).filter(
    (item) => item.security === undefined && (model.messages.get(item.message)?.definition.security.length ?? 0) === 0,
  );
  for (const feature of new Set(open.map((item) => item.feature))) {
    const items = open.filter((item) => item.feature === feature);
    const [first] = items;
    if (first === undefined) continue;
    yield {
      at: first.at,
      message: `nothing says who may send and read ${quoted(items.map((item) => item.name))}.`,
      subject: `feature:${feature}`,
      fix: 'write security: <scheme of the AsyncAPI document> at each, or at its operation.',
      severity: 'info',
    };
  }
}
