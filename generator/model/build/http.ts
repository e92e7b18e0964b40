import type { HttpEdge, Operation, Policy } from '../types.js';
import { type BuildContext, sharedFiles } from './context.js';
import { Node } from './node.js';
import { optional, policy, security } from './values.js';

/** Operations of every provider, by `<service>.<operationId>`. A document that nobody is named for has no provider and gives none. */
export function buildOperations(
  context: BuildContext,
  featureOf: (path: string) => readonly string[],
): Map<string, Operation> {
  const operations = new Map<string, Operation>();
  for (const document of context.workspace.openapi) {
    const { service } = document;
    if (service === undefined) continue;
    for (const definition of document.operations) {
      const identity = `${service}.${definition.id}`;
      if (operations.has(identity)) continue;
      const header = definition.parameters.find(
        (parameter) => parameter.in === 'header' && /^(x-)?idempotency-key$/i.test(parameter.name),
      );
      operations.set(identity, {
        id: definition.id,
        service,
        definition,
        document: document.source.path,
        ...optional('idempotencyHeader', header?.name),
        features: featureOf(document.source.path),
        at: definition.at,
      });
    }
  }
  return operations;
}

/** Named policies: the workspace's defaults first, features may replace them. */
export function buildPolicies(context: BuildContext): Map<string, Policy> {
  const policies = new Map<string, Policy>();
  const { settingsSource } = context.workspace;
  const central = settingsSource === undefined ? [] : Node.of(settingsSource).get('policies').entries();
  for (const [name, node] of central) policies.set(name, policy(node, name));
  for (const file of sharedFiles(context)) {
    for (const [name, node] of file.node.get('policies').entries()) {
      if (!policies.has(name)) policies.set(name, policy(node, name));
    }
  }
  return policies;
}

/** HTTP edges. A policy named in the edge's own feature wins over one of the same name elsewhere; `default` serves edges that name none. */
export function buildHttpEdges(context: BuildContext, policies: ReadonlyMap<string, Policy>): readonly HttpEdge[] {
  return sharedFiles(context).flatMap((file) =>
    file.node
      .get('http')
      .items()
      .map((node): HttpEdge => {
        const given = node.get('policy');
        const name = given.text();
        const local = name === undefined ? undefined : file.node.get('policies').get(name);
        const resolved = given.isMapping
          ? policy(given)
          : local?.exists
            ? policy(local, name)
            : policies.get(name ?? 'default');
        return {
          from: node.get('from').text() ?? '',
          to: node.get('to').text() ?? '',
          operations: node
            .get('operations')
            .items()
            .map((item) => ({ id: item.text() ?? '', at: item.at })),
          ...optional('purpose', node.get('purpose').text()),
          consistency: (node.get('consistency').text() ?? 'strong') as HttpEdge['consistency'],
          criticality: (node.get('criticality').text() ?? 'required') as HttpEdge['criticality'],
          ...optional('policy', resolved),
          ...optional('policyMissing', name !== undefined && resolved === undefined ? name : undefined),
          nullOn: node
            .get('null_on')
            .items()
            .flatMap((item) => item.number() ?? []),
          ...optional('security', security(node.get('security'))),
          feature: file.name,
          at: node.at,
        };
      }),
  );
}
