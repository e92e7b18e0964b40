import { AsyncLocalStorage } from 'node:async_hooks';
import type { Incoming, Outcome, Stored } from '../../runtime/guard.js';
import { applies, compareVersions } from '../../runtime/guard.js';
import { currentScope } from '../../runtime/scope.js';
import type { OutboxMessage, ReplicaTable, ReplicaWrite, Store, Transaction } from '../../runtime/stores/store.js';
import { messageType } from '../../runtime/wire.js';
import type { Row, Seen } from '../history.js';
import { startMs } from '../plan.js';
import { type Incarnation, never } from './death.js';

/** What the store of one life of a service tells the world. */
export interface StoreWatch {
  readonly life: Incarnation;
  /** Step that the current work follows from. */
  currentStep(): string | undefined;
  /** Step of a message that was seen before. */
  stepOfMessage(messageId: string): string | undefined;
  seen(step: string | undefined, seen: Seen): void;
  /** Comes to a point; rejects or never returns when a fault strikes there. */
  reach(point: 'in-transaction' | 'committed', step: string | undefined): Promise<void>;
}

/** What one transaction has done so far. */
interface Work {
  readonly seen: { readonly step: string | undefined; readonly seen: Seen }[];
  step: string | undefined;
}

const working = new AsyncLocalStorage<Work>();

/** Takes something down that counts when the transaction at hand commits. False when there is none. */
export function noteInTransaction(step: string | undefined, seen: Seen): boolean {
  const work = working.getStore();
  if (work === undefined) return false;
  work.step ??= step;
  work.seen.push({ step, seen });
  return true;
}

/** A store that takes down what is committed through it, and where a process can die. */
export function observedStore(store: Store, watch: StoreWatch): Store {
  const { life } = watch;
  /** Parked messages of which each one counts: removing one does not say so. */
  const deltas = new Set<string>();

  function transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    let done: Work = { seen: [], step: undefined };
    const ran = store.transaction((tx) => {
      const own: Work = { seen: [], step: undefined };
      done = own;
      const worked = working.run(own, () => work(observed(tx, own, watch, deltas)));
      return life.race(worked.then((result) => comesToItsEnd(own, result)));
    });
    // What is committed counts, also when the process dies before it learns of it.
    return life.alive(ran.then((result) => isCommitted(done, result)));
  }

  /** Most transactions only look for something to do: nobody strikes there, and no further promise is worth it. */
  function comesToItsEnd<T>(work: Work, result: T): T | Promise<T> {
    work.step ??= watch.currentStep();
    if (work.seen.length === 0 && work.step === undefined) return result;
    return watch.reach('in-transaction', work.step).then(() => result);
  }

  function isCommitted<T>({ seen, step }: Work, result: T): T | Promise<T> {
    for (const one of seen) watch.seen(one.step, one.seen);
    if (seen.length === 0 && step === undefined) return result;
    return life.dead ? never() : watch.reach('committed', step).then(() => result);
  }

  return {
    kind: store.kind,
    asksForScope: true,
    prepare: (tables) => life.alive(store.prepare(tables)),
    transaction,
    alone: {
      putReplica: (...write) => transaction((tx) => tx.putReplica(...write)),
      putReplicas: (...writes) => transaction((tx) => tx.putReplicas(...writes)),
    },
    // The data outlives the process.
    close: async () => {},
  };
}

function observed(tx: Transaction, work: Work, watch: StoreWatch, deltas: Set<string>): Transaction {
  const note = (seen: Seen, step?: string): void => {
    work.step ??= step ?? watch.currentStep();
    work.seen.push({ step: step ?? watch.currentStep() ?? work.step, seen });
  };
  // Made before the transaction has its new ones: a copy of all its methods would cost more than what most transactions do.
  const { advanceOwned, appendOutbox, putReplica, putReplicas, park, removeParked } = tx;
  const own: Partial<Transaction> = {
    async advanceOwned(entity, id, change) {
      const state = await advanceOwned(entity, id, change);
      note({ kind: 'owned', entity, id, version: state.version, deleted: change.deleted, state: change.state });
      return state;
    },
    async appendOutbox(messages) {
      await appendOutbox(messages);
      for (const one of messages) note(promised(one));
    },
    async putReplica(table, id, row, incoming) {
      const before = await rowOf(tx, table, id);
      const outcome = await putReplica(table, id, row, incoming);
      const messageId = currentScope()?.cause.causationId;
      note(await copied(tx, { table, id, incoming, outcome, before, ...(messageId !== undefined && { messageId }) }));
      return outcome;
    },
    async putReplicas(table, rows) {
      const before = await Promise.all(rows.map(({ id }) => rowOf(tx, table, id)));
      const outcomes = await putReplicas(table, rows);
      for (const [index, { id, incoming }] of (rows as readonly ReplicaWrite[]).entries()) {
        const outcome = outcomes[index] ?? 'stale';
        note(await copied(tx, { table, id, incoming, outcome, before: before[index] }));
      }
      return outcomes;
    },
    async park(message) {
      await park(message);
      const { consumer, messageId, entity, entityId: id, dependency } = message;
      const delta = message.carries === 'delta';
      if (delta) deltas.add(messageId);
      note(
        { kind: 'parked', consumer, messageId, entity, id, delta, waitsFor: dependency },
        watch.stepOfMessage(messageId),
      );
    },
    async removeParked(message) {
      await removeParked(message);
      const { consumer, messageId, entity, entityId: id } = message;
      const delta = deltas.has(messageId);
      note({ kind: 'released', consumer, messageId, entity, id, delta }, watch.stepOfMessage(messageId));
    },
  };
  return Object.assign(tx, own);
}

function promised({ message, dueAt }: OutboxMessage): Seen {
  const messageId = message.headers['ce-id'] ?? '';
  const due = dueAt === 0 ? {} : { dueAtMs: dueAt - startMs };
  return { kind: 'promised', messageId, type: messageType(message) ?? '', ...due };
}

interface Write {
  readonly table: ReplicaTable;
  readonly id: string;
  readonly incoming: Incoming;
  readonly outcome: Outcome;
  readonly before: Row | undefined;
  readonly messageId?: string;
}

async function copied(tx: Transaction, { table, id, incoming, outcome, before, messageId }: Write): Promise<Seen> {
  const cause = messageId !== undefined && { messageId };
  const after = await rowOf(tx, table, id);
  // Whether the row is another one than before says nothing: somebody else may have written it while this one waited for its lock.
  if (!applies(outcome, incoming.carries) && !olderThan(after, before))
    return { kind: 'dropped', ...cause, table: table.name, id, outcome };
  return { kind: 'copied', ...cause, table: table.name, entity: table.entity, id, outcome, before, after };
}

/** What the table holds, whatever the guard says: a look of its own. */
async function rowOf(tx: Transaction, table: ReplicaTable, id: string): Promise<Row | undefined> {
  const stored: Stored | undefined = await tx.replicaVersion(table, id);
  if (stored === undefined) return undefined;
  const fields = stored.deleted ? null : await tx.getReplica(table, id);
  return { version: stored.version, deleted: stored.deleted, ...(fields !== null && { fields }) };
}

function olderThan(row: Row | undefined, other: Row | undefined): boolean {
  return row !== undefined && other !== undefined && compareVersions(row.version, other.version) < 0;
}
