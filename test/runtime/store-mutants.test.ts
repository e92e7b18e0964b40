import { describe, expect, test } from 'vitest';
import { applies, decide, type Incoming, nextStored, type Outcome, type Stored } from '../../runtime/guard.js';
import { memoryStore } from '../../runtime/stores/memory.js';
import type { OutboxMessage, ReplicaTable, Store, Transaction } from '../../runtime/stores/store.js';
import { yieldTurns } from '../conformance/store/messages.js';
import { storeCases } from '../conformance/store.js';

/** The memory store with some steps done wrong. `made` is called once per store, and may keep what it wants across transactions. */
type Mutant = () => (tx: Transaction, store: Store) => Partial<Transaction>;

/** Mistakes that stores are written with. A conformance suite that lets one pass promises nothing. */
const mutants: Readonly<Record<string, { readonly breaks: string; readonly mutant: Mutant }>> = {
  'a copy is read, then written': {
    breaks: 'all at once, with duplicates, the newest message stays',
    mutant: () =>
      copies(async (rows, id, message) => {
        const stored = rows.get(id)?.stored;
        await yieldTurns(2);
        return decide(stored, message);
      }),
  },
  'a deleted copy leaves no tombstone': {
    breaks: 'one by one in any order, with duplicates, the newest message stays',
    mutant: () => copies(async (rows, id, message) => decide(rows.get(id)?.stored, message), true),
  },
  'copies have no guard': {
    breaks: 'one by one in any order, with duplicates, the newest message stays',
    mutant: () => copies(async () => 'applied'),
  },
  'a look writes': {
    breaks: 'a look answers as the write would and writes nothing',
    mutant: () => (tx) => ({ peekReplica: (table, id, message) => tx.putReplica(table, id, {}, message) }),
  },
  'the guard row moves outside the transaction': {
    breaks: 'an advance that is rolled back never happened',
    mutant: () => (_, store) => ({
      advanceGuard: (...place) => store.transaction((own) => own.advanceGuard(...place)),
    }),
  },
  'a claim is read, then written': {
    breaks: 'of two that claim the same message at once, one gets it',
    mutant: () => {
      const claimed = new Set<string>();
      return () => ({
        async claim(consumer, key) {
          const seen = claimed.has(JSON.stringify([consumer, key]));
          await yieldTurns(2);
          claimed.add(JSON.stringify([consumer, key]));
          return !seen;
        },
      });
    },
  },
  'a claim outlives the rollback': {
    breaks: 'a claim that is rolled back leaves the message to the one who waits for it',
    mutant: () => (_, store) => ({
      claim: (consumer, key) => store.transaction((own) => own.claim(consumer, key)),
    }),
  },
  'claims of all consumers are one': {
    breaks: 'consumers claim the same message independently',
    mutant: () => (tx) => ({ claim: (_, key) => tx.claim('', key) }),
  },
  'locks lock nothing': {
    breaks: 'no wake-up is lost when the dependency arrives at the same moment',
    mutant: () => () => ({ lock: async () => {} }),
  },
  'a version is read, then written': {
    breaks: 'changes at once get different, gapless versions in the order of their commits',
    mutant: () => {
      const sequences = new Map<string, bigint>();
      return (tx) => ({
        async advanceOwned(entity, id, change) {
          const before = sequences.get(entity + id) ?? 0n;
          await yieldTurns(2);
          sequences.set(entity + id, before + 1n);
          const told = await tx.advanceOwned(entity, id, change);
          return { ...told, version: { ...told.version, sequence: before + 1n } };
        },
      });
    },
  },
  'a deleted entity starts again at version 1': {
    breaks: 'the version survives deletion and goes on at re-creation',
    mutant: () => {
      const removed = new Map<string, bigint>();
      return (tx) => ({
        async advanceOwned(entity, id, change) {
          const told = await tx.advanceOwned(entity, id, change);
          const sequence = told.version.sequence - (removed.get(entity + id) ?? 0n);
          if (change.deleted) removed.set(entity + id, told.version.sequence);
          return { ...told, version: { ...told.version, sequence } };
        },
      });
    },
  },
  'instants are the clock alone': {
    breaks: 'instants grow by at least a microsecond, though the clock stands still or goes back',
    mutant: () => (tx) => ({
      async advanceOwned(entity, id, change) {
        const told = await tx.advanceOwned(entity, id, change);
        return { ...told, changedAt: new Date(change.nowMs).toISOString().replace('Z', '000Z') };
      },
    }),
  },
  'the owner reads without a lock': {
    breaks: 'an owner who reads before it writes sees what the one before told',
    mutant: () => (tx) => ({
      owned: async (entity, id) => (await tx.listOwned(entity, { limit: 99 })).find((row) => row.id === id) ?? null,
    }),
  },
  'the outbox leaves with the transaction or without it': {
    breaks: 'what is not committed is not handed out; what is rolled back never is',
    mutant: () => (_, store) => ({
      appendOutbox: (messages) => store.transaction((own) => own.appendOutbox(messages)),
    }),
  },
  'a relay takes later messages of a key': {
    breaks: 'only the oldest of each key is handed out, in the order of writing',
    mutant: () => {
      const all = new Map<string, OutboxMessage>();
      return (tx) => ({
        async appendOutbox(messages) {
          for (const message of messages) all.set(message.id, message);
          await tx.appendOutbox(messages);
        },
        async removeOutbox(ids) {
          for (const id of ids) all.delete(id);
          await tx.removeOutbox(ids);
        },
        takeOutbox: async (limit, nowMs) => [...all.values()].filter(({ dueAt }) => dueAt <= nowMs).slice(0, limit),
      });
    },
  },
  'a relay passes by what is not due': {
    breaks: 'a message that is not due holds back those behind it, not other keys',
    mutant: () => {
      const all: OutboxMessage[] = [];
      return () => ({
        appendOutbox: async (messages) => void all.push(...messages),
        async takeOutbox(_, nowMs) {
          const due = all.filter(({ dueAt }) => dueAt <= nowMs);
          return due.filter(({ key }, index) => due.findIndex((earlier) => earlier.key === key) === index);
        },
      });
    },
  },
  'parked states pile up': {
    breaks: 'of an entity and consumer only the newest state stays, whatever the order',
    mutant: () => (tx) => ({ park: (message) => tx.park({ ...message, carries: 'delta' }) }),
  },
  'parked deltas replace each other': {
    breaks: 'deltas all stay, oldest version first',
    mutant: () => (tx) => ({ park: (message) => tx.park({ ...message, carries: 'state' }) }),
  },
  'a parked message stays ready when it is parked again': {
    breaks: 'parking again waits anew, also for something else',
    mutant: () => (tx) => ({
      async park(message) {
        await tx.park(message);
        await tx.releaseParked(message.dependency);
      },
    }),
  },
  'parking keeps the latest arrival, not the newest': {
    breaks: 'of an entity and consumer only the newest state stays, whatever the order',
    mutant: () => (tx) => ({
      async park(message) {
        for (const old of await tx.takeParked({ nowMs: 9e9, limit: 99, consumer: message.consumer })) {
          if (old.entityId === message.entityId && message.carries !== 'delta') await tx.removeParked(old);
        }
        await tx.park(message);
      },
    }),
  },
  'taking a message removes it': {
    breaks: 'deltas all stay, oldest version first',
    mutant: () => (tx) => ({
      async takeParked(options) {
        const taken = await tx.takeParked(options);
        for (const message of taken) await tx.removeParked(message);
        return taken;
      },
    }),
  },
  'age counts more than arrival': {
    breaks: 'reasons: ready before expired before timeout, and the sweep for the rest',
    mutant: () => (tx) => ({
      takeParked: async (options) =>
        (await tx.takeParked(options)).map((message) =>
          message.expiresAt <= options.nowMs ? { ...message, why: 'expired' } : message,
        ),
    }),
  },
  'the sweep sees the oldest only': {
    breaks: 'the sweep goes round, so that hopeless messages do not hide the others',
    mutant: () => (tx) => ({
      takeParked: ({ nowMs, ...options }) => tx.takeParked({ ...options, nowMs: options.sweep ? 0 : nowMs }),
    }),
  },
};

describe('each mutant of the store is caught by the case that is there for it', () => {
  test.each(Object.entries(mutants))('%s', async (_, { breaks, mutant }) => {
    await expect(caseCalled(breaks, mutant)()).rejects.toThrow();
    await expect(caseCalled(breaks, () => () => ({}))()).resolves.toBeUndefined();
  });
});

function caseCalled(wanted: string, mutant: Mutant): () => Promise<void> {
  const found: (() => Promise<void>)[] = [];
  const register = (name: string, run: () => Promise<void>) => {
    if (name === wanted) found.push(run);
  };
  for (const cases of Object.values(storeCases)) cases(register, async () => mutated(memoryStore(), mutant()));
  const [run] = found;
  if (run === undefined) throw new Error(`no case is called "${wanted}"`);
  return run;
}

function mutated(store: Store, change: ReturnType<Mutant>): Store {
  return { ...store, transaction: (work) => store.transaction((tx) => work({ ...tx, ...change(tx, store) })) };
}

/** Copies of one table, decided by `choose` between reading and writing. */
function copies(
  choose: (rows: ReadonlyMap<string, Copy>, id: string, message: Incoming) => Promise<Outcome>,
  forgetDeleted = false,
): ReturnType<Mutant> {
  const rows = new Map<string, Copy>();
  const placeOf = (table: ReplicaTable, id: string): string => JSON.stringify([table.name, id]);
  return () => ({
    async putReplica(table, id, row, incoming) {
      const place = placeOf(table, id);
      const message = { ...incoming, deleted: row === null };
      const stored = rows.get(place)?.stored;
      const outcome = await choose(rows, place, message);
      if (applies(outcome, message.carries))
        rows.set(place, { stored: nextStored(stored, message), row: structuredClone(row) });
      if (row === null && forgetDeleted) rows.delete(place);
      return outcome;
    },
    getReplica: async (table, id) => rows.get(placeOf(table, id))?.row ?? null,
  });
}

interface Copy {
  readonly stored: Stored;
  readonly row: Readonly<Record<string, unknown>> | null;
}
