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
  'a relay takes a key that another one holds': {
    breaks: 'what is taken is the taker alone until its time is over, it is removed or given back',
    mutant: () => (tx) => ({
      takeOutbox: (options) => tx.takeOutbox({ ...options, untilMs: 0 }),
    }),
  },
  'taken messages stay taken for ever': {
    breaks: 'what is taken is the taker alone until its time is over, it is removed or given back',
    mutant: () => (tx) => ({
      takeOutbox: (options) => tx.takeOutbox({ ...options, untilMs: options.untilMs * 1e6 }),
    }),
  },
  'whoever gives back frees what another one has taken': {
    breaks: 'what is taken is the taker alone until its time is over, it is removed or given back',
    mutant: () => {
      let last = 0;
      return (tx) => ({
        takeOutbox(options) {
          last = Math.max(last, options.untilMs);
          return tx.takeOutbox(options);
        },
        giveBackOutbox: (ids) => tx.giveBackOutbox(ids, last),
      });
    },
  },
  'a hot key takes all the room': {
    breaks: 'a run of each key is handed out, oldest first, in the order of writing',
    mutant: () => (tx) => ({
      async takeOutbox(options) {
        const all = await tx.takeOutbox({ ...options, limit: 1000 });
        return [...all].sort((left, right) => left.key.localeCompare(right.key)).slice(0, options.limit);
      },
    }),
  },
  'relays share the messages, not the keys': {
    breaks: 'relays at once share the work and keep the order of each key',
    mutant: () => {
      const all: OutboxMessage[] = [];
      return () => ({
        appendOutbox: async (messages) => void all.push(...messages),
        takeOutbox: async ({ limit }) => all.splice(0, limit),
        removeOutbox: async () => {},
      });
    },
  },
  'a relay passes by what is not due': {
    breaks: 'a message that is not due holds back those behind it, not other keys',
    mutant: () => {
      const all: OutboxMessage[] = [];
      return () => ({
        appendOutbox: async (messages) => void all.push(...messages),
        takeOutbox: async ({ nowMs }) => all.filter(({ dueAt }) => dueAt <= nowMs),
      });
    },
  },
  'a batch is written in the order given': {
    breaks: 'batches that overlap the other way round do not lock each other out: in transactions',
    mutant: () => (tx) => ({
      async putReplicas(table, rows) {
        for (const [index, { id, row, incoming }] of rows.entries()) {
          if (index % 8 === 7) await yieldTurns(1);
          await tx.putReplica(table, id, row, incoming);
        }
        return rows.map(() => 'applied' as const);
      },
    }),
  },
  'a batch ignores what is there': {
    breaks: 'a batch decides and writes as the same messages one by one',
    mutant: () => (tx) => ({
      putReplicas: async (table, rows) =>
        tx.putReplicas(
          table,
          rows.map(({ incoming, ...rest }) => ({ ...rest, incoming: { ...incoming, force: true } })),
        ),
    }),
  },
  'a digest forgets deletions': {
    breaks: 'a digest of copies is what the definition says of their versions',
    mutant: () => (tx) => ({
      replicaDigest: async (table, options) =>
        (await tx.replicaDigest(table, options)).map((digest) => ({ ...digest, checksum: digest.liveChecksum })),
    }),
  },
  'an owner digests what it holds back': {
    breaks: 'owner and follower agree when everything has arrived, and differ by what has not: sequence',
    mutant: () => (tx) => ({
      async advanceOwned(entity, id, change) {
        const state = await tx.advanceOwned(entity, id, change);
        await tx.markPublished(entity, id);
        return state;
      },
    }),
  },
  'a purge forgets what is young': {
    breaks: 'what is younger than its horizon stays, each kind by its own',
    mutant: () => (tx) => ({ purge: (wanted) => tx.purge({ ...wanted, inboxBefore: 9e15 }) }),
  },
  'a purge forgets replies that are young': {
    breaks: 'what is younger than its horizon stays, each kind by its own',
    mutant: () => (tx) => ({ purge: (wanted) => tx.purge({ ...wanted, repliesBefore: 9e15 }) }),
  },
  'a reply never expires': {
    breaks: 'a reply is gone from the instant of its expiry on',
    mutant: () => (tx) => ({ keptReply: (request) => tx.keptReply(request, 0) }),
  },
  'callers share the keys of their requests': {
    breaks: 'operation, caller and key tell replies apart',
    mutant: () => (tx) => ({
      keptReply: (request, nowMs) => tx.keptReply({ ...request, caller: '' }, nowMs),
      keepReply: (request, kept) => tx.keepReply({ ...request, caller: '' }, kept),
    }),
  },
  'the first reply stays': {
    breaks: 'a reply is kept, whole, and replaced by a newer one',
    mutant: () => (tx) => ({
      async keepReply(request, kept) {
        if ((await tx.keptReply(request, 0)) === null) await tx.keepReply(request, kept);
      },
    }),
  },
  'a saga is begun as often as it is asked for': {
    breaks: 'an id begins one run of its saga, whoever comes first',
    mutant: () => (tx) => ({
      sagas: {
        ...tx.sagas,
        async begin(record, entry) {
          await tx.sagas.begin(record, entry);
          return true;
        },
      },
    }),
  },
  'a run is read, then moved': {
    breaks: 'of two that move a run at once one does, and the other learns it',
    mutant: () => (tx) => ({
      sagas: {
        ...tx.sagas,
        async move(change, version, entry) {
          const found = await tx.sagas.find(change.saga, change.id);
          await yieldTurns(2);
          if (found?.version !== version) return false;
          const now = await tx.sagas.find(change.saga, change.id, { lock: true });
          return now !== null && tx.sagas.move(change, now.version, entry);
        },
      },
    }),
  },
  'the lock of a run is forgotten': {
    breaks: 'who finds a run under lock moves it, however many want to',
    mutant: () => (tx) => ({ sagas: { ...tx.sagas, find: (saga, id) => tx.sagas.find(saga, id) } }),
  },
  'a due run is taken by everybody': {
    breaks: 'due runs are taken longest due first, each by one, until the time is over',
    mutant: () => (tx) => ({
      sagas: { ...tx.sagas, takeDue: (options) => tx.sagas.takeDue({ ...options, untilMs: 0 }) },
    }),
  },
  'runs that are not over are forgotten': {
    breaks: 'runs are listed page by page, counted by status, and forgotten when they ended long ago',
    mutant: () => (tx) => ({ sagas: { ...tx.sagas, purge: (_, limit) => tx.sagas.purge(9e15, limit) } }),
  },
  'a purged entity starts again in the same epoch': {
    breaks: 'an entity that comes back after its tombstone has gone stands above all its old versions',
    mutant: () => (tx) => ({
      async advanceOwned(entity, id, change) {
        const state = await tx.advanceOwned(entity, id, change);
        return { ...state, version: { ...state.version, epoch: 0 } };
      },
    }),
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
