import type { Position } from '../../diagnostics/position.js';
import { parseArrows } from '../arrows.js';
import type { Resource, Role, Service } from '../types.js';
import { type BuildContext, type FeatureFile, nameOf } from './context.js';
import { Node } from './node.js';
import { optional } from './values.js';

interface Mention {
  readonly name: string;
  readonly node?: Node;
  readonly declares: boolean;
  readonly feature?: string;
  readonly at: Position;
}

/**
 * Services from services.yaml, from the `services:` of features, and from every place that mentions one. The first declaration of each fact wins;
 * all of them stay in `mentions`, so that a rule can name contradictions.
 */
export function buildServices(context: BuildContext): Map<string, Service> {
  const mentions = new Map<string, Mention[]>();
  for (const mention of allMentions(context)) {
    const known = mentions.get(mention.name);
    if (known) known.push(mention);
    else mentions.set(mention.name, [mention]);
  }
  const names = [...mentions.keys()].sort();
  return new Map(names.map((name) => [name, service(name, mentions.get(name) ?? [])]));
}

/** Names of services per feature: declared ones when the feature lists any, else every one it mentions. */
export function participants(context: BuildContext): (feature: string) => readonly string[] {
  const byFeature = new Map<string, Set<string>>();
  for (const mention of allMentions(context)) {
    if (mention.feature === undefined) continue;
    const known = byFeature.get(mention.feature) ?? new Set<string>();
    byFeature.set(mention.feature, known.add(mention.name));
  }
  return (feature) => [...(byFeature.get(feature) ?? [])].sort();
}

export function buildResources(context: BuildContext): Map<string, Resource> {
  const resources = new Map<string, Resource>();
  for (const file of context.files) {
    for (const [name, node] of file.node.get('resources').entries()) {
      if (resources.has(name)) continue;
      resources.set(name, {
        name,
        type: node.get('type').text() ?? 'database',
        ...optional('protocol', node.get('protocol').text()),
        ...optional('owner', node.get('owner').text()),
        at: node.keyAt,
      });
    }
  }
  return resources;
}

function allMentions(context: BuildContext): readonly Mention[] {
  const { workspace } = context;
  const central = workspace.services === undefined ? [] : Node.of(workspace.services.source).get('services').entries();
  const resources = new Set(
    context.files.flatMap((file) =>
      file.node
        .get('resources')
        .entries()
        .map(([name]) => name),
    ),
  );
  const documents = [...workspace.asyncapi, ...workspace.openapi].flatMap((document): readonly Mention[] =>
    document.service === undefined ? [] : [{ name: document.service, declares: true, at: document.source.at([]) }],
  );
  return [
    ...central.map(([name, node]): Mention => ({ name, node, declares: true, at: node.keyAt })),
    ...context.files.flatMap((file) => mentionsOf(file)),
    ...documents,
  ].filter((mention) => mention.name !== '' && !resources.has(mention.name));
}

function mentionsOf(file: FeatureFile): readonly Mention[] {
  const { node, name: feature } = file;
  const mention = (name: Node): readonly Mention[] => {
    const text = name.text();
    return text === undefined || text === '*' ? [] : [{ name: text, declares: false, feature, at: name.at }];
  };
  const consumers = (list: Node): readonly Mention[] =>
    list.items().flatMap((item) => mention(item.isMapping ? item.get('service') : item));
  const declared: readonly Mention[] = node.get('services').isList
    ? node
        .get('services')
        .items()
        .map((item) => ({
          name: nameOf(item.get('name'), ''),
          node: item,
          declares: true,
          feature,
          at: item.get('name').at,
        }))
    : node
        .get('services')
        .entries()
        .map(([name, item]) => ({ name, node: item, declares: true, feature, at: item.keyAt }));
  const own: readonly Mention[] =
    file.service === undefined
      ? []
      : [{ name: file.service, node, declares: true, feature, at: node.get('service').at }];
  return [
    ...declared,
    ...own,
    ...node
      .get('entities')
      .entries()
      .flatMap(([, entity]) => [...mention(entity.get('owner')), ...consumers(entity.get('consumers'))]),
    ...node
      .get('events')
      .entries()
      .flatMap(([, event]) => [...mention(event.get('publisher')), ...consumers(event.get('consumers'))]),
    ...node
      .get('commands')
      .entries()
      .flatMap(([, command]) => [
        ...mention(command.get('sender')),
        ...command.get('senders').items().flatMap(mention),
        ...mention(command.get('receiver')),
      ]),
    ...node
      .get('http')
      .items()
      .flatMap((edge) => [...mention(edge.get('from')), ...mention(edge.get('to'))]),
    ...node
      .get('sagas')
      .entries()
      .flatMap(([, saga]) => mention(saga.get('orchestrator'))),
    ...node
      .get('jobs')
      .entries()
      .flatMap(([, job]) => mention(job.get('service'))),
    ...node
      .get('data_flow')
      .items()
      .flatMap((line) =>
        parseArrows(line.text() ?? '').flatMap((hop) =>
          [hop.from, hop.to].map((name): Mention => ({ name, declares: false, feature, at: line.at })),
        ),
      ),
  ];
}

function service(name: string, mentions: readonly Mention[]): Service {
  const declarations = mentions.filter((mention) => mention.declares);
  const first = declarations[0] ?? mentions[0];
  const read = <T>(pick: (node: Node) => T | undefined): T | undefined => {
    for (const { node } of declarations) {
      const value = node === undefined ? undefined : pick(node);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const provides = read((node) => (node.get('provides').isList ? node.get('provides').texts() : undefined)) ?? [];
  const declaredRole = read((node) => node.get('role').text()) as Role | undefined;
  const guess = roleFromProvides(provides);
  const named = roleFromName(name);
  const role = declaredRole ?? guess ?? named ?? 'service';
  return {
    name,
    role,
    roleFrom: declaredRole ? 'declared' : guess ? 'provides' : named ? 'name' : 'default',
    // A per-service feature file gives the version of the feature there, not of the service.
    ...optional(
      'version',
      read((node) => (node.get('service').exists ? undefined : node.get('version').text())),
    ),
    ...optional(
      'owner',
      read((node) => (node.get('service').exists ? undefined : node.get('owner').text())),
    ),
    provides,
    ...optional(
      'description',
      read((node) => (node.get('service').exists ? undefined : node.get('description').text())),
    ),
    ...optional(
      'lifecycle',
      read((node) => (node.get('service').exists ? undefined : node.get('lifecycle').text())),
    ),
    ...optional(
      'language',
      read((node) => node.get('language').text()),
    ),
    ...optional(
      'run',
      read((node) =>
        node.get('run').isMapping ? (node.get('run').value as Readonly<Record<string, unknown>>) : undefined,
      ),
    ),
    features: [...new Set(mentions.flatMap((mention) => mention.feature ?? []))].sort(),
    declared: declarations.length > 0,
    at: first?.at ?? { file: '', line: 1, column: 1 },
    mentions: mentions.map((mention) => ({
      ...optional('feature', mention.feature),
      ...optional('version', mention.node?.get('service').exists ? undefined : mention.node?.get('version').text()),
      ...optional('role', mention.node?.get('role').text() as Role | undefined),
      at: mention.at,
    })),
  };
}

const rolesByWord: Readonly<Record<string, Role>> = {
  ui: 'frontend',
  'business-logic': 'api',
  authentication: 'auth',
  'data-persistence': 'repository',
  background: 'worker',
  'real-time': 'realtime',
  routing: 'gateway',
  cache: 'cache',
};

function roleFromProvides(provides: readonly string[]): Role | undefined {
  for (const word of provides) {
    const role = rolesByWord[word.toLowerCase()];
    if (role !== undefined) return role;
  }
  return undefined;
}

const rolesByName: readonly (readonly [RegExp, Role])[] = [
  [/^front(end)?(-|$)/, 'frontend'],
  [/(^|-)gateway$/, 'gateway'],
  [/(^|-)auth$/, 'auth'],
  [/(^|-)workers?$/, 'worker'],
  [/(^|-)websockets?$/, 'realtime'],
  [/(^|-)(redis|cache)$/, 'cache'],
  [/(^|-)(postgres|cassandra|repository|mongo|mysql)$/, 'repository'],
  [/^shared$/, 'shared'],
  [/(^|-)api$/, 'api'],
];

function roleFromName(name: string): Role | undefined {
  return rolesByName.find(([pattern]) => pattern.test(name))?.[1];
}
