import { entityMessage } from '../../runtime/entity-message.js';
import { SeamwrightError } from '../../runtime/errors.js';
import { compareVersions, type Stored, type Version } from '../../runtime/guard.js';
import { bucketOf } from '../../runtime/stores/bucket.js';
import type { OwnedState, ParkedEntry, VersionKind } from '../../runtime/stores/store.js';
import type { Entity } from '../model/types.js';
import { listDeadLetters, readDeadLetter } from './dead-letters.js';
import { ownerOf, versionKind } from './followers.js';
import { timeOf } from './health.js';
import { type RunningService, type RunningSystem, reachable } from './system.js';

/** Where an entity's messages are: at its owner, on the way, at each consumer. */
export interface Trace {
  readonly entity: string;
  readonly id: string;
  readonly owner: OwnerTrace;
  readonly consumers: readonly ConsumerTrace[];
}

export interface OwnerTrace {
  readonly service: string;
  /** `unreachable`: its database cannot be asked. `held`: its last change was told to nobody. */
  readonly state: 'told' | 'held' | 'unknown' | 'unreachable';
  /** One sentence. */
  readonly verdict: string;
  readonly version?: string;
  readonly deleted?: boolean;
  readonly changedAt?: string;
  /** Messages of the entity that have not left. */
  readonly outbox: number;
  readonly outboxSince?: number;
}

export interface ConsumerTrace {
  readonly service: string;
  readonly consumer: string;
  readonly state: 'newest' | 'newer' | 'older' | 'missing' | 'dead' | 'parked' | 'queued' | 'unreachable' | 'unknown';
  /** One sentence. */
  readonly verdict: string;
  /** The command to go on with; absent when nothing is wrong. */
  readonly next?: string;
  readonly has?: string;
  /** Messages of this entity in its queue; null where the broker cannot show them. */
  readonly queued: number | null;
  readonly dead: readonly { readonly id: string; readonly reason: string }[];
  readonly parked: readonly { readonly waitsFor: string; readonly since: number; readonly until: number }[];
}

/** Follows one entity through the system. Reads only. Rejects when the broker is away, or for an entity that no contract knows. */
export async function trace(system: RunningSystem, name: string, id: string): Promise<Trace> {
  const { entity, owner } = ownerOf(system, name);
  const state = await stateAt(owner, name, id);
  const ownerTrace = await traceOwner(system, entity, owner, id, state);
  const consumers: ConsumerTrace[] = [];
  for (const service of system.services) {
    for (const place of placesOf(service, name)) {
      const told = await toldVersion(owner, name, id, kindOf(system, entity, place), state);
      consumers.push(await traceConsumer(system, service, place, { name, id }, told));
    }
  }
  return { entity: name, id, owner: ownerTrace, consumers };
}

type Known = { readonly state: OwnedState | null } | { readonly unreachable: string };

async function stateAt(owner: RunningService, name: string, id: string): Promise<Known> {
  return reachable(async () => ({ state: await owner.read((tx) => tx.owned(name, id)) }));
}

async function traceOwner(
  system: RunningSystem,
  entity: Entity,
  owner: RunningService,
  id: string,
  known: Known,
): Promise<OwnerTrace> {
  const about = { service: owner.name, outbox: 0 };
  if ('unreachable' in known) {
    return { ...about, state: 'unreachable', verdict: `nobody can ask its database: ${known.unreachable}` };
  }
  const { state } = known;
  if (state === null) {
    const verdict = `${owner.name} has never told its runtime of ${entity.name} ${id}: it is not there, or was written past the repository that raises events`;
    return { ...about, state: 'unknown', verdict };
  }
  const waiting = await owner.read((tx) => tx.outboxOf(`${entity.name}:${id}`, 1_000));
  const since = waiting[0] && timeOf(waiting[0].message.headers);
  const facts = {
    service: owner.name,
    version: versionText(state.version),
    deleted: state.deleted,
    changedAt: state.changedAt,
    outbox: waiting.length,
    ...(since !== undefined && { outboxSince: since }),
  };
  if (state.publishedSequence === state.version.sequence) {
    const gone = state.deleted ? 'its deletion' : 'it';
    const verdict =
      waiting.length === 0
        ? `told ${gone} at version ${facts.version}, ${state.changedAt}`
        : `has ${waiting.length} of its messages in the outbox: they leave when ${owner.name} runs and reaches the broker`;
    return { ...facts, state: 'told', verdict };
  }
  return { ...facts, state: 'held', verdict: heldBack(system, entity, owner, id, state) };
}

/** Why the last change was told to nobody. */
function heldBack(system: RunningSystem, entity: Entity, owner: RunningService, id: string, state: OwnedState): string {
  const last =
    state.publishedSequence === 0n ? 'never told' : `told last at ${state.version.epoch}/${state.publishedSequence}`;
  const fact = `version ${versionText(state.version)} was not told (${last})`;
  const { publishWhen } = entity;
  const definition = Object.values(owner.definition.owned).find((one) => one.entity === entity.name);
  if (publishWhen === undefined || definition?.publishWhen === undefined) {
    return `${fact}: it was raised with dismissEvents`;
  }
  const op = state.deleted ? 'deleted' : state.version.sequence === 1n ? 'created' : 'updated';
  const { envelope } = entityMessage({
    ...{ service: owner.name, definition, id, state, op, messageId: '', force: false },
    cause: { correlationId: system.random.uuid() },
  });
  const place = `publish_when of ${entity.name} (${publishWhen.at.file}:${publishWhen.at.line})`;
  return definition.publishWhen(envelope.data, null) === false
    ? `${fact}: ${place} holds it back: ${publishWhen.text}`
    : `${fact}, although ${place} lets its present state pass: it was raised with dismissEvents, or the filter looked at a state before that nobody keeps`;
}

/** Where a consumer keeps the entity's version. */
interface Place {
  readonly consumer: string;
  readonly rule: 'sequence' | 'timestamp';
  readonly filters: boolean;
  stored(service: RunningService, id: string): Promise<Stored | undefined>;
  readonly definition: Parameters<typeof versionKind>[2];
}

function placesOf(service: RunningService, entity: string): readonly Place[] {
  return service.consumers.flatMap((consumer): readonly Place[] => {
    const { name, when } = consumer.definition;
    const filters = when !== undefined;
    if (consumer.kind === 'replica') {
      const { table, version } = consumer.definition;
      if (consumer.definition.entity !== entity) return [];
      const stored = (at: RunningService, id: string) => at.read((tx) => tx.replicaVersion(table, id));
      return [{ consumer: name, filters, rule: version.kind, definition: version, stored }];
    }
    const { guard } = consumer.definition;
    if (guard?.entity !== entity) return [];
    const stored = (at: RunningService, id: string) => at.read((tx) => tx.guardVersion(name, entity, id));
    return [{ consumer: name, filters, rule: guard.version.kind, definition: guard.version, stored }];
  });
}

function kindOf(system: RunningSystem, entity: Entity, place: Place): VersionKind | undefined {
  try {
    return versionKind(system, entity, place.definition);
  } catch (error) {
    if (error instanceof SeamwrightError) return undefined;
    throw error;
  }
}

/** What the owner has told, in the numbers of a follower; undefined when nobody can say. */
async function toldVersion(
  owner: RunningService,
  name: string,
  id: string,
  versions: VersionKind | undefined,
  known: Known,
): Promise<Version | undefined> {
  if (versions === undefined || 'unreachable' in known || known.state === null) return undefined;
  // One bucket of very many: few rows beside the wanted one, whatever its id sorts like.
  const buckets = 2 ** 20;
  const page = { bucket: bucketOf(id, buckets), buckets, versions, limit: 1_000 };
  const told = await owner.read((tx) => tx.listOwnedVersions(name, page));
  return told.find((one) => one.id === id)?.version;
}

async function traceConsumer(
  system: RunningSystem,
  service: RunningService,
  place: Place,
  about: { readonly name: string; readonly id: string },
  told: Version | undefined,
): Promise<ConsumerTrace> {
  const queued = await queuedAt(system, service, about);
  const filter = { service: service.name, entity: about.name, entityId: about.id };
  const { found } = await listDeadLetters(system, filter, { limit: 20 });
  const dead = found
    .filter(({ consumers }) => consumers.length === 0 || consumers.includes(place.consumer))
    .map(({ id, reason }) => ({ id, reason }));
  const seen = await reachable(async () => ({
    stored: await place.stored(service, about.id),
    parked: (await service.read((tx) => tx.parkedOf(about.name, about.id))).filter(
      (entry) => entry.consumer === place.consumer,
    ),
  }));
  const facts = { service: service.name, consumer: place.consumer, queued, dead };
  if ('unreachable' in seen) {
    const verdict = `nobody can ask its database: ${seen.unreachable}`;
    return { ...facts, parked: [], state: 'unreachable', verdict, next: `name it with --database ${service.name}=URL` };
  }
  const has = seen.stored && versionText(seen.stored.version);
  const parked = seen.parked.map(parkedAt);
  const judged = judge(place, service.name, about, told, seen.stored, { queued, dead, parked });
  return { ...facts, parked, ...(has !== undefined && { has }), ...judged };
}

/** The one thing that matters most about a consumer. */
function judge(
  place: Place,
  service: string,
  { name, id }: { readonly name: string; readonly id: string },
  told: Version | undefined,
  stored: Stored | undefined,
  { queued, dead, parked }: Pick<ConsumerTrace, 'queued' | 'dead' | 'parked'>,
): Pick<ConsumerTrace, 'state' | 'verdict' | 'next'> {
  const position = stored === undefined || told === undefined ? undefined : order(stored.version, told);
  const [wait] = parked;
  const [letter] = dead;
  if (position !== undefined && position > 0) {
    const verdict = `has ${versionText(stored?.version)}, newer than its owner has told: read from the owner's list, or another writer`;
    return { state: 'newer', verdict, next: `seamwright reconcile ${name} --service ${service}` };
  }
  if (position === 0) return { state: 'newest', verdict: newestText(place, stored) };
  if (letter !== undefined) {
    const verdict = `in the dead letters: ${letter.reason} (message ${letter.id})`;
    return { state: 'dead', verdict, next: `seamwright dlq show ${letter.id}` };
  }
  if (wait !== undefined) {
    const until = Number.isFinite(wait.until) ? `, at most until ${new Date(wait.until).toISOString()}` : '';
    const verdict = `parked since ${new Date(wait.since).toISOString()}: waits for ${wait.waitsFor}${until}`;
    return { state: 'parked', verdict, next: `seamwright doctor ${wait.waitsFor}` };
  }
  if (queued !== null && queued > 0) {
    const verdict = `${queued} of its messages in the queue`;
    return { state: 'queued', verdict, next: `see that ${service} runs` };
  }
  const next = `seamwright sync force ${name} ${id}`;
  if (stored === undefined) {
    if (told === undefined) return { state: 'unknown', verdict: 'has never seen it, and nobody has told it' };
    return { state: 'missing', verdict: 'has never seen it, and it is neither queued, parked nor dead', next };
  }
  if (told === undefined)
    return { state: 'unknown', verdict: `has ${versionText(stored.version)}; the owner has told none` };
  const verdict = `has ${versionText(stored.version)}, older than what its owner has told, and nothing is queued, parked or dead`;
  return { state: 'older', verdict, next };
}

function newestText({ filters }: Place, stored: Stored | undefined): string {
  const version = versionText(stored?.version);
  if (stored?.deleted !== true) return `has the newest, ${version}`;
  return filters
    ? `has the newest, ${version}: deleted, or left out by its "when"`
    : `has the newest, ${version}: deleted`;
}

/** Messages of the entity that wait in the service's queue. */
async function queuedAt(
  { broker }: RunningSystem,
  service: RunningService,
  { name, id }: { readonly name: string; readonly id: string },
): Promise<number | null> {
  const [queue] = service.definition.topology.queues;
  if (queue === undefined || (await broker.admin.depth(queue)) === null) return 0;
  const waiting = await broker.admin.peek(queue, { limit: 1_000 });
  if (waiting === null) return null;
  return waiting.filter((wire) => {
    const letter = readDeadLetter(service, queue, wire);
    return letter.entity === name && letter.entityId === id;
  }).length;
}

function parkedAt({ dependency, parkedAt: since, timeoutAt, expiresAt }: ParkedEntry) {
  return { waitsFor: `${dependency.entity} ${dependency.id}`, since, until: Math.min(timeoutAt, expiresAt) };
}

/** By position: the tie-breaker is a message id, which owners do not keep. */
function order(left: Version, right: Version): number {
  return compareVersions({ ...left, tie: '' }, { ...right, tie: '' });
}

function versionText(version: Version | undefined): string {
  return version === undefined ? '-' : `${version.epoch}/${version.sequence}`;
}
