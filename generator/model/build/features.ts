import type { Feature } from '../types.js';
import { type BuildContext, type FeatureFile, placeholderOf, sharedFiles } from './context.js';
import { dependenciesOf } from './dependencies.js';
import type { Node } from './node.js';
import { duration, invariants, optional } from './values.js';

/** Features by name. Per-service files (shape D) join the feature of the same name, or make one of type `service` when there is none. */
export function buildFeatures(
  context: BuildContext,
  participantsOf: (feature: string) => readonly string[],
): Map<string, Feature> {
  const features = new Map<string, Feature>();
  for (const file of sharedFiles(context)) {
    if (features.has(file.name)) continue;
    const mine = context.files.filter((other) => other.name === file.name && other.service !== undefined);
    features.set(file.name, feature(file, mine, participantsOf(file.name)));
  }
  for (const file of context.files) {
    if (!features.has(file.name)) {
      const mine = context.files.filter((other) => other.name === file.name);
      features.set(file.name, { ...feature(file, mine, participantsOf(file.name)), type: 'service' });
    }
  }
  return features;
}

function feature(file: FeatureFile, serviceFiles: readonly FeatureFile[], participants: readonly string[]): Feature {
  const { node } = file;
  const flag = node.get('feature_flag');
  const deploy = node.get('deploy');
  const verify = node.get('verify');
  return {
    name: file.name,
    ...optional('version', node.get('version').text()),
    type: (node.get('type').text() ?? 'cross-service') as Feature['type'],
    ...optional('title', node.get('title').text()),
    ...optional('description', node.get('description').text() ?? node.get('summary').text()),
    ...optional('owner', node.get('owner').text()),
    placeholders: [file, ...serviceFiles.filter((other) => other !== file)].flatMap(placeholdersOf),
    serviceFiles: serviceFiles.map((other) => ({
      service: other.service ?? file.name,
      ...optional('version', other.node.get('version').text()),
      endpoints: endpoints(other.node, other.service),
      dependencies: dependenciesOf(other, []),
      at: other.node.get('service').keyAt,
    })),
    participants,
    endpoints: endpoints(node, file.service),
    quickSchemas: node
      .get('schemas')
      .entries()
      .map(([name, schema]) => ({
        name,
        ref: { file: schema.source.path, pointer: `/schemas/${escapePointer(name)}` },
        at: schema.keyAt,
      })),
    ...(flag.exists
      ? {
          flag: {
            name: flag.text() ?? flag.get('name').text() ?? file.name,
            default: flag.get('default').flag() ?? true,
            offStatus: flag.get('off_status').number() ?? 404,
            services: flag.get('services').text() === '*' ? participants : flag.get('services').texts(),
            ...optional('expires', flag.get('expires').text()),
            at: flag.keyAt,
          },
        }
      : {}),
    ...(deploy.exists
      ? {
          deploy: {
            order: deploy
              .get('order')
              .items()
              .map((tier) => (tier.isList ? tier.texts() : [tier.text() ?? ''])),
            ...optional('strategy', deploy.get('strategy').text()),
            at: deploy.keyAt,
          },
        }
      : {}),
    ...(verify.exists
      ? {
          verify: {
            scenarios: verify.get('scenarios').texts(),
            skip: verify
              .get('skip')
              .items()
              .map((item) => ({
                scenario: item.get('scenario').text() ?? '',
                reason: item.get('reason').text() ?? '',
              })),
            ...optional('convergeWithinMs', duration(verify.get('converge_within'))),
            seeds: verify.get('seeds').number() ?? 20,
            invariants: invariants(verify.get('invariants')),
            at: verify.keyAt,
          },
        }
      : {}),
    constants: Object.fromEntries(
      node
        .get('constants')
        .entries()
        .map(([name, value]) => [name, value.value as string | number | boolean]),
    ),
    acceptBreaking: node
      .get('accept_breaking')
      .items()
      .map((item) => ({
        change: item.get('change').text() ?? '',
        reason: item.get('reason').text() ?? '',
        ...optional('until', item.get('until').text()),
        ...optional('approvedBy', item.get('approved_by').text()),
        at: item.at,
      })),
    at: node.get('name').at,
  };
}

function endpoints(node: Node, service: string | undefined): Feature['endpoints'] {
  return node
    .get('endpoints')
    .items()
    .map((item) => ({
      ...optional('service', service),
      method: (item.get('method').text() ?? 'GET').toUpperCase(),
      path: item.get('path').text() ?? '/',
      ...optional('authRequired', item.get('auth_required').flag()),
      ...optional('operationId', item.get('operationId').text()),
      ...optional('idempotencyKey', item.get('idempotency_key').text()),
      at: item.at,
    }));
}

function placeholdersOf(file: FeatureFile): Feature['placeholders'] {
  const dependencies = file.node
    .get('dependencies')
    .items()
    .map((item) => item.get('service'));
  return [file.node.get('name'), file.node.get('service'), ...dependencies].flatMap((node) => {
    const text = placeholderOf(node);
    return text === undefined ? [] : [{ text, at: node.at }];
  });
}

export function escapePointer(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}
