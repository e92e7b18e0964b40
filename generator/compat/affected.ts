import type { Model } from '../model/types.js';
import type { Affected } from './judgement.js';
import { partiesOfMessage } from './parties.js';
import type { Revisions } from './rule.js';

/** Services with the reason that each is reached for, by name, each once: the first reason counts. */
export function reached(
  revisions: Revisions,
  reasons: Iterable<readonly [service: string, feature: string, why: string]>,
): readonly Affected[] {
  const found = new Map<string, Affected>();
  for (const [service, feature, why] of reasons) {
    if (service === '' || found.has(service)) continue;
    const known = revisions.after.services.get(service) ?? revisions.before.services.get(service);
    found.set(service, { service, feature, team: known?.owner ?? '', why });
  }
  return [...found.values()].sort((a, b) => (a.service < b.service ? -1 : 1));
}

/** Both models, the newer first: what is there now says more of whom to ask. */
export function bothModels({ before, after }: Revisions): readonly Model[] {
  return [after, before];
}

/** Services that keep a copy of an entity in either revision. */
export function copiersOf(revisions: Revisions, ...entities: readonly string[]): readonly Affected[] {
  const copies = bothModels(revisions).flatMap((model) =>
    entities.flatMap((name) =>
      (model.entities.get(name)?.consumers ?? []).map(
        (copy) => [copy.service, copy.feature, `keeps a copy of "${name}"`] as const,
      ),
    ),
  );
  return reached(revisions, copies);
}

/** Services that consume an event in either revision. */
export function consumersOf(revisions: Revisions, ...events: readonly string[]): readonly Affected[] {
  const consumers = bothModels(revisions).flatMap((model) =>
    events.flatMap((name) =>
      (model.events.get(name)?.consumers ?? []).map(
        (consumer) => [consumer.service, consumer.feature, `consumes event "${name}"`] as const,
      ),
    ),
  );
  return reached(revisions, consumers);
}

export function sendersOf(revisions: Revisions, ...commands: readonly string[]): readonly Affected[] {
  const senders = bothModels(revisions).flatMap((model) =>
    commands.flatMap((name) => {
      const command = model.commands.get(name);
      return (command?.senders ?? []).map(
        (service) => [service, command?.feature ?? '', `sends command "${name}"`] as const,
      );
    }),
  );
  return reached(revisions, senders);
}

export function receiversOf(revisions: Revisions, ...commands: readonly string[]): readonly Affected[] {
  const receivers = bothModels(revisions).flatMap((model) =>
    commands.flatMap((name) =>
      (model.commands.get(name)?.receivers ?? []).map(
        ({ service, feature }) => [service, feature, `receives command "${name}"`] as const,
      ),
    ),
  );
  return reached(revisions, receivers);
}

/** Services that read a message in either revision, as an event or a command. */
export function readersOf(revisions: Revisions, ...messages: readonly string[]): readonly Affected[] {
  return partiesAs(revisions, messages, 'readers', 'reads');
}

/** Services that write a message in either revision. */
export function writersOf(revisions: Revisions, ...messages: readonly string[]): readonly Affected[] {
  return partiesAs(revisions, messages, 'writers', 'sends');
}

export function servicesIn(affected: readonly Affected[]): readonly string[] {
  return affected.map(({ service }) => service);
}

/** Everyone of two groups, each service once. */
export function together(...groups: readonly (readonly Affected[])[]): readonly Affected[] {
  const found = new Map(
    groups
      .flat()
      .reverse()
      .map((item) => [item.service, item]),
  );
  return [...found.values()].sort((a, b) => (a.service < b.service ? -1 : 1));
}

function partiesAs(
  revisions: Revisions,
  messages: readonly string[],
  side: 'writers' | 'readers',
  verb: string,
): readonly Affected[] {
  const found = bothModels(revisions).flatMap((model) =>
    messages.flatMap((name) => {
      const { event, command } = partiesOfMessage(model, name);
      const feature = model.messages.get(name)?.features[0] ?? '';
      return [...(event?.[side] ?? []), ...(command?.[side] ?? [])].map(
        (service) => [service, feature, `${verb} "${name}"`] as const,
      );
    }),
  );
  return reached(revisions, found);
}
