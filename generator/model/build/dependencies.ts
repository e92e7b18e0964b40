import type { Dependency } from '../types.js';
import { type BuildContext, type FeatureFile, nameOf } from './context.js';
import type { Node } from './node.js';
import { optional } from './values.js';

/** Dependencies of every file. Shapes: `{consumer: [{provider: range}]}`, `{provider: range}` (all participants), `[{service, version}]` (shape D). */
export function buildDependencies(
  context: BuildContext,
  participantsOf: (feature: string) => readonly string[],
): readonly Dependency[] {
  return context.files.flatMap((file) => dependenciesOf(file, participantsOf(file.name)));
}

export function dependenciesOf(file: FeatureFile, participants: readonly string[]): readonly Dependency[] {
  const node = file.node.get('dependencies');
  if (node.isList) return node.items().flatMap((item) => listed(file, item, file.service ?? ''));
  return node.entries().flatMap(([key, value]): readonly Dependency[] => {
    if (value.text() !== undefined) return everyoneNeeds(file, key, value, participants);
    const items = value.isList ? value.items() : [value];
    return items.flatMap((item) => listed(file, item, key));
  });
}

/** Shape C: the key is the provider; in a per-service file its service needs it, else everybody who takes part (but not the provider itself). */
function everyoneNeeds(
  file: FeatureFile,
  provider: string,
  range: Node,
  participants: readonly string[],
): readonly Dependency[] {
  const consumers = file.service === undefined ? participants.filter((name) => name !== provider) : [file.service];
  return consumers.map((consumer) => ({
    consumer,
    provider,
    ...optional('range', range.text()),
    feature: file.name,
    at: range.keyAt,
  }));
}

function listed(file: FeatureFile, item: Node, consumer: string): readonly Dependency[] {
  const service = item.get('service');
  if (service.exists) {
    return [
      {
        consumer,
        provider: nameOf(service, ''),
        ...optional('range', item.get('version').text()),
        ...optional('reason', item.get('reason').text()),
        feature: file.name,
        at: item.at,
      },
    ].filter((dependency) => dependency.provider !== '');
  }
  return item.entries().map(([provider, range]) => ({
    consumer,
    provider,
    ...optional('range', range.text()),
    feature: file.name,
    at: range.keyAt,
  }));
}
