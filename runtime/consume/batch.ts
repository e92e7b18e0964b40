import { causeOf } from '../cause.js';
import { dependencyOf, lockName } from '../dependencies.js';
import { UnavailableError } from '../errors.js';
import { applies, compareVersions, type Incoming, type Outcome } from '../guard.js';
import { inTransaction } from '../in-transaction.js';
import type { Parts } from '../parts.js';
import { currentScope, inScope, type Scope } from '../scope.js';
import type { ReplicaWrite } from '../stores/store.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Received, Replica, Verdict } from './consumer.js';
import { processMessage } from './process.js';
import { isAlone } from './replica.js';
import { changeOf, judged, type ReplicaChange } from './replica-change.js';
import { dependencyLocks } from './wait.js';

/** A message on its way through a batch, with what it means for the copy; `change` is absent when it carries no version. */
interface Item {
  readonly received: Received;
  readonly change: ReplicaChange | undefined;
  /** What it belongs to: whoever wakes the writer is another message. */
  readonly scope: Scope | undefined;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: unknown) => void;
}

/** Locks are rows of a table that all transactions of the server share: a batch that needs them stays small. */
const lockedMax = 100;

/** Batches that are written at the same time: while the database works on one, the next is put together. */
const writersMax = 2;

/**
 * Lets a copy take many messages with one statement. Answers a function that takes one message and resolves as `processMessage` does, once the batch
 * that holds it is committed.
 *
 * While batches are being written the next one gathers, so a busy queue fills its batches and a quiet one waits for nobody. Of several messages of one
 * entity the newest is written, as a copy that got them one by one would end up. Whatever is special takes the usual way, message by message: one that
 * waits for a dependency, one without version, all of a batch that failed.
 */
export function createBatch(parts: Parts, consumer: Replica): (received: Received) => Promise<Verdict> {
  const { definition } = consumer;
  const { batchSize = 1 } = definition;
  const size = isAlone(parts, consumer) ? batchSize : Math.min(batchSize, lockedMax);
  let gathered: Item[] = [];
  let writers = 0;

  async function write(): Promise<void> {
    while (gathered.length > 0) {
      const batch = gathered.slice(0, size);
      gathered = gathered.slice(size);
      await writeBatch(batch);
    }
    writers -= 1;
  }

  async function writeBatch(batch: readonly Item[]): Promise<void> {
    const verdicts = await written(parts, consumer, batch);
    const apart: Item[] = [];
    for (const item of batch) {
      const verdict = verdicts.get(item.received);
      if (verdict === undefined) apart.push(item);
      else item.resolve(verdict);
    }
    // In the order of arrival, one after the other: two of them may be of one entity.
    for (const { received, scope, resolve, reject } of apart) {
      const work = (): Promise<Verdict> => processMessage(parts, consumer, received);
      await (scope === undefined ? work() : inScope(scope, work)).then(resolve, reject);
    }
  }

  return (received) =>
    new Promise((resolve, reject) => {
      gathered.push({ received, change: changeOf(definition, received), scope: currentScope(), resolve, reject });
      // A second writer starts only for a full batch: two half-empty ones would cost more than they save.
      if (writers >= (gathered.length >= size ? writersMax : 1)) return;
      writers += 1;
      // Not now: what the broker hands over in the same turn belongs to the batch.
      queueMicrotask(() => void write());
    });
}

type Verdicts = ReadonlyMap<Received, Verdict>;

/** Verdicts of the messages that were written together; those without one have to take the usual way. Never rejects. */
async function written(parts: Parts, consumer: Replica, batch: readonly Item[]): Promise<Verdicts> {
  const { definition } = consumer;
  const none: Verdicts = new Map();
  const groups = groupsOf(batch);
  if (groups.length === 0) return none;
  for (let attempt = 1; ; attempt++) {
    if (parts.signal.aborted) return none;
    try {
      const { alone } = parts.store;
      if (alone !== undefined && isAlone(parts, consumer)) {
        return verdictsOf(parts, consumer, groups, await alone.putReplicas(definition.table, groups.map(writeOf)));
      }
      const [first] = groups;
      // One cause for all: nothing is sent here, and nothing that is parked goes this way.
      return first === undefined
        ? none
        : await inTransaction(parts, causeOf(first.received.envelope), (unit) =>
            together(parts, unit, consumer, groups),
          );
    } catch (error) {
      if (!(error instanceof UnavailableError)) {
        parts.log.warn(
          { consumer: definition.name, messages: batch.length, error },
          'a batch failed, taking its messages one by one',
        );
        return none;
      }
      parts.log.warn({ consumer: definition.name, error }, 'the store is not available, holding a batch');
      // An aborted wait ends in the next round.
      await parts.clock.sleep(Math.min(100 * 2 ** attempt, 10_000), parts.signal).catch(() => {});
    }
  }
}

/** Messages of one entity, newest one first; the older ones are done with it. */
interface Group extends ReplicaChange {
  readonly received: Received;
  readonly older: readonly Received[];
}

type Candidate = ReplicaChange & { readonly received: Received };

/**
 * One group per entity. Left out are messages that equal the newest of their entity in version: whether they repeat or contradict it shows only once that is
 * written; and the entities of which a forced message is one of several: it repairs an equal version, so it is never done with by a newer one of its instant.
 */
function groupsOf(batch: readonly Item[]): readonly Group[] {
  const entities = new Map<string, Candidate[]>();
  for (const { received, change } of batch) {
    if (change === undefined) continue;
    const candidate = { ...change, received };
    const present = entities.get(change.id);
    if (present === undefined) entities.set(change.id, [candidate]);
    else present.push(candidate);
  }
  return [...entities.values()].flatMap((candidates) => groupOf(candidates) ?? []);
}

function groupOf(candidates: readonly Candidate[]): Group | undefined {
  const [first, ...others] = candidates;
  if (first === undefined || (others.length > 0 && candidates.some(({ incoming }) => incoming.force))) return undefined;
  const newest = others.reduce(
    (best, one) => (compareVersions(one.incoming.version, best.incoming.version) > 0 ? one : best),
    first,
  );
  const older = candidates.filter((one) => compareVersions(one.incoming.version, newest.incoming.version) < 0);
  return { ...newest, incoming: bridged(newest.incoming, older), older: older.map(({ received }) => received) };
}

/** The newest with the predecessor of the chain that the batch holds: messages that are written with it are no gap. */
function bridged(newest: Incoming, older: readonly Candidate[]): Incoming {
  let { previousSequence } = newest;
  if (previousSequence === undefined) return newest;
  for (const { incoming } of [...older].sort((a, b) => compareVersions(b.incoming.version, a.incoming.version))) {
    const before = incoming.previousSequence;
    if (incoming.version.sequence >= previousSequence && before !== undefined && before < previousSequence) {
      previousSequence = before;
    }
  }
  return { ...newest, previousSequence };
}

/** One transaction for a copy with dependencies: the messages that need not wait are written, the others get no verdict. */
async function together(
  parts: Parts,
  unit: UnitOfWork,
  consumer: Replica,
  groups: readonly Group[],
): Promise<Verdicts> {
  const { definition } = consumer;
  const awaited = parts.awaited.has(definition.entity);
  const own = awaited ? groups.map(({ id }) => lockName(definition.entity, id)) : [];
  await unit.tx.lock([
    ...own,
    ...groups.flatMap((group) => dependencyLocks(awaitsOf(consumer, group), group.received.envelope.data)),
  ]);
  const ready = await whoseDependenciesAreLive(parts, unit, consumer, groups);
  if (ready.length === 0) return new Map();
  const outcomes = await unit.tx.putReplicas(definition.table, ready.map(writeOf));
  if (awaited) {
    for (const [index, { id }] of ready.entries()) {
      if (!applies(outcomes[index] ?? 'stale', 'state')) continue;
      const released = await unit.tx.releaseParked({ entity: definition.entity, id });
      if (released > 0) unit.pending.released = true;
    }
  }
  return verdictsOf(parts, consumer, ready, outcomes);
}

/** A tombstone refers to nothing, so it waits for nothing. */
function awaitsOf({ definition }: Replica, { incoming }: Group): Replica['definition']['awaits'] {
  return incoming.deleted ? [] : definition.awaits;
}

async function whoseDependenciesAreLive(
  parts: Parts,
  unit: UnitOfWork,
  consumer: Replica,
  groups: readonly Group[],
): Promise<readonly Group[]> {
  const missing = new Set<Group>();
  for (const rule of consumer.definition.awaits) {
    const wanted = groups.flatMap((group) => {
      const id = awaitsOf(consumer, group).length === 0 ? undefined : rule.by(group.received.envelope.data);
      return id === null || id === undefined || id === '' ? [] : [{ group, id }];
    });
    const found = await dependencyOf(parts.definition, rule.entity).presences(unit.tx, [
      ...new Set(wanted.map(({ id }) => id)),
    ]);
    for (const { group, id } of wanted) if (found.get(id) !== 'live') missing.add(group);
  }
  return groups.filter((group) => !missing.has(group));
}

function writeOf({ id, row, incoming }: Group): ReplicaWrite {
  return { id, row, incoming };
}

function verdictsOf(
  parts: Parts,
  { definition }: Replica,
  groups: readonly Group[],
  outcomes: readonly Outcome[],
): Verdicts {
  const verdicts = new Map<Received, Verdict>();
  for (const [index, { received, older }] of groups.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined)
      throw new Error(`the store answered ${outcomes.length} outcomes for ${groups.length} rows`);
    verdicts.set(received, judged(parts, definition, outcome, received));
    for (const one of older) verdicts.set(one, judged(parts, definition, 'stale', one));
  }
  return verdicts;
}
