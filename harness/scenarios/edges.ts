import type { EffectDefinition, OwnedDefinition, ReplicaDefinition, WaitRule } from '../../runtime/definition.js';
import { copiesOf, effectsOf, entityToldBy, outgoingOf, ownedOf, publisherOf, type Subject } from '../subject.js';
import type { Target } from './scenario.js';

/** Who makes the messages of an edge: the owner of an entity whose changes they tell, or the publisher of a fact. */
export type Source =
  | {
      readonly kind: 'entity';
      readonly service: string;
      readonly entity: string;
      readonly deletes: boolean;
      /** Whether one entity can be told more than once: false when its version is a field of its own, such as the day of its creation. */
      readonly changes: boolean;
    }
  | { readonly kind: 'event'; readonly service: string; readonly event: string };

/** One message between two services, seen from the service under test. */
export interface Edge extends Target {
  /** Which end of it is under test. */
  readonly role: 'copy' | 'effect' | 'owned' | 'publishes';
  readonly message: string;
  readonly source: Source;
  /** Service that takes the messages; undefined when nobody in this world does. */
  readonly to: string | undefined;
  readonly consumer?: ReplicaDefinition | EffectDefinition;
  /** What a message must wait for. */
  readonly waits: readonly WaitRule<unknown>[];
}

/** Copies that the service keeps and handlers that it has, as far as somebody here sends them their messages. */
export function consumingEdges(subject: Subject): readonly Edge[] {
  const copies = copiesOf(subject).map(([name, copy]) => ({ role: 'copy' as const, name, consumer: copy }));
  const effects = effectsOf(subject).map((effect) => ({
    role: 'effect' as const,
    name: effect.handler,
    consumer: effect,
  }));
  return [...copies, ...effects].flatMap(({ role, name, consumer }) => {
    const source = sourceOf(subject, consumer.message.name);
    if (source === undefined || !playable(subject, source, consumer.awaits)) return [];
    const waits = consumer.awaits.filter(({ optional }) => !optional);
    const facts = { role, name, message: consumer.message.name, source, to: subject.name, consumer, waits };
    return [{ id: `${role}:${name}`, ...facts }];
  });
}

/** Entities that the service owns and facts that it publishes, each once per service that follows it. */
export function tellingEdges(subject: Subject): readonly Edge[] {
  const owned = ownedOf(subject).flatMap(([, { entity, message }]): readonly Edge[] => {
    const source = sourceOf(subject, message.name);
    if (source === undefined) return [];
    const followers = followersOf(subject, entity);
    const facts = { role: 'owned' as const, name: entity, message: message.name, source };
    if (followers.length === 0) return [{ id: `owned:${entity}`, ...facts, to: undefined, waits: [] }];
    return followers.map(({ service, copy }) => ({
      id: followers.length === 1 ? `owned:${entity}` : `owned:${entity}->${service}`,
      ...facts,
      to: service,
      consumer: copy,
      waits: copy.awaits.filter(({ optional }) => !optional),
    }));
  });
  const published = Object.entries(outgoingOf(subject.code.definition)).map(
    ([event, { message }]): Edge => ({
      id: `publishes:${event}`,
      role: 'publishes',
      name: event,
      message: message.name,
      source: { kind: 'event', service: subject.name, event },
      to: undefined,
      waits: [],
    }),
  );
  return [...owned.filter(({ source, waits }) => playable(subject, source, waits)), ...published];
}

/** Both ends. */
export function edgesOf(subject: Subject): readonly Edge[] {
  return [...consumingEdges(subject), ...tellingEdges(subject)];
}

/** Edges of which somebody takes the messages: at the service under test, or at a follower of it. */
export function receivedEdges(subject: Subject): readonly Edge[] {
  return edgesOf(subject).filter(({ to }) => to !== undefined);
}

/** An entity of which several messages may be on their way. */
export function isEntity({ source }: Edge): boolean {
  return source.kind === 'entity' && source.changes;
}

/** An entity whose end is told as well. */
export function isDeletable({ source }: Edge): boolean {
  return source.kind === 'entity' && source.changes && source.deletes;
}

/** Messages that the service under test sends on to somebody, through its outbox. */
export function outboxEdges(subject: Subject): readonly Edge[] {
  const { owned } = subject.code.definition;
  const outgoing = outgoingOf(subject.code.definition);
  return tellingEdges(subject).filter(({ source }) =>
    source.kind === 'entity' ? owned[source.entity]?.outbox : outgoing[source.event]?.outbox,
  );
}

/** Messages whose versions are instants. */
export function isDated({ consumer, source }: Edge): boolean {
  if (consumer === undefined || source.kind !== 'entity' || !source.changes) return false;
  const version = 'version' in consumer ? consumer.version : consumer.guard?.version;
  return version?.kind === 'timestamp';
}

/** Why a scenario has no occasion, in the words that several share. */
export const nobody = 'the service takes no messages, and nobody takes its';

/** The edges that a test accepts, or why there are none. */
export function edgesWhere(
  edges: readonly Edge[],
  test: (edge: Edge) => boolean,
  none: string,
): readonly Edge[] | { readonly none: string } {
  const found = edges.filter(test);
  return found.length > 0 ? found : { none };
}

/** The edges by which the service keeps copies of entities, or why there are none. */
export function copiesOfEntities(subject: Subject): readonly Edge[] | { readonly none: string } {
  return edgesWhere(
    consumingEdges(subject),
    (edge) => edge.role === 'copy' && edge.source.kind === 'entity',
    'the service keeps no copy of an entity',
  );
}

function sourceOf(subject: Subject, message: string): Source | undefined {
  const told = entityToldBy(subject, message);
  if (told !== undefined) {
    const { entity, deletes } = told.definition;
    return { kind: 'entity', service: told.service.name, entity, deletes, changes: changes(subject, told.definition) };
  }
  const publisher = publisherOf(subject, message);
  return publisher && { kind: 'event', service: publisher.service.name, event: publisher.name };
}

function changes(subject: Subject, { entity, message }: OwnedDefinition): boolean {
  if (message.envelope?.time !== undefined) return true;
  return [...subject.services.values()].every(({ definition }) =>
    Object.values(definition.copies).every((copy) => copy.entity !== entity || copy.version.kind === 'sequence'),
  );
}

/** Whatever its messages refer to has an owner that can be played. */
function playable(subject: Subject, source: Source, waits: readonly WaitRule<unknown>[]): boolean {
  const entities = source.kind === 'entity' ? [source.entity] : waits.map(({ entity }) => entity);
  return entities.every((entity) => ownersThere(subject, entity));
}

function ownersThere(subject: Subject, entity: string, seen: ReadonlySet<string> = new Set()): boolean {
  if (seen.has(entity)) return true;
  const owned = [...subject.services.values()].some(({ definition }) => definition.owned[entity] !== undefined);
  return owned && referredBy(subject, entity).every((other) => ownersThere(subject, other, new Set([...seen, entity])));
}

/** Entities that the state of an entity must refer to. */
export function referredBy(subject: Subject, entity: string): readonly string[] {
  const consumers = subject.model.entities.get(entity)?.consumers ?? [];
  const names = consumers.flatMap(({ waits }) => waits.filter(({ optional }) => !optional).map((wait) => wait.entity));
  return [...new Set(names)].sort();
}

export function followersOf(
  subject: Subject,
  entity: string,
): readonly { readonly service: string; readonly copy: ReplicaDefinition }[] {
  return [...subject.services.values()].flatMap(({ name, definition }) => {
    if (name === subject.name) return [];
    const copy = Object.values(definition.copies).find((one) => one.entity === entity);
    return copy === undefined ? [] : [{ service: name, copy }];
  });
}
