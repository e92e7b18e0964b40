import { compareCodePoints } from '../../code-points.js';
import type { SagaPlan } from '../../saga/plan.js';
import type { SagaCount, SagaJournalEntry, SagaRecord, SagaRows } from '../saga-rows.js';
import { type CellTransaction, keyOf, table } from './cells.js';

/** As JSON, so that nobody holds a reference into the store. */
type Written = Omit<SagaRecord, 'run' | 'start'> & { readonly run: string; readonly start: string };

const runs = table<Written>('saga');
const entries = table<SagaJournalEntry & Pick<SagaRecord, 'saga' | 'id'>>('saga journal');
const plans = table<string>('saga plan');

export function sagaRows(cells: CellTransaction): SagaRows {
  const due = (): readonly Written[] =>
    cells
      .rows(runs)
      .map(([, row]) => row)
      .filter(({ dueAt }) => dueAt !== undefined)
      .sort((left, right) => (left.dueAt ?? 0) - (right.dueAt ?? 0));

  async function note(saga: string, id: string, entry: SagaJournalEntry): Promise<void> {
    const key = keyOf(saga, id, String(entry.version));
    await cells.lock(entries, key);
    cells.write(entries, key, { ...entry, saga, id });
  }

  return {
    async begin(record, entry) {
      const key = keyOf(record.saga, record.id);
      await cells.lock(runs, key);
      if (cells.read(runs, key) !== undefined) return false;
      cells.write(runs, key, written({ ...record, version: 1 }));
      await note(record.saga, record.id, { ...entry, version: 1 });
      return true;
    },

    async find(saga, id, { lock = false } = {}) {
      const key = keyOf(saga, id);
      if (lock) await cells.lock(runs, key);
      const row = cells.read(runs, key);
      return row === undefined ? null : recordOf(row);
    },

    async move({ saga, id, run, status, updatedAt, dueAt, taken }, version, entry) {
      const key = keyOf(saga, id);
      await cells.lock(runs, key);
      const row = cells.read(runs, key);
      if (row === undefined || row.version !== version) return false;
      const { dueAt: _, ...rest } = row;
      const next = { ...rest, status, updatedAt, taken, version: version + 1, ...(dueAt !== undefined && { dueAt }) };
      cells.write(runs, key, { ...next, run: JSON.stringify(run) });
      await note(saga, id, { ...entry, version: version + 1 });
      return true;
    },

    async takeDue({ nowMs, untilMs, limit }) {
      const taken: (SagaRecord & { readonly abandoned: boolean })[] = [];
      for (const row of due()) {
        const key = keyOf(row.saga, row.id);
        if (taken.length >= limit || (row.dueAt ?? 0) > nowMs) break;
        if (!cells.tryLock(runs, key)) continue;
        const next = { ...row, dueAt: untilMs, taken: true };
        cells.write(runs, key, next);
        taken.push({ ...recordOf(next), abandoned: row.taken });
      }
      return taken;
    },

    async giveBack({ saga, id, version }, dueAt) {
      const key = keyOf(saga, id);
      await cells.lock(runs, key);
      const row = cells.read(runs, key);
      if (row?.version === version && row.taken) cells.write(runs, key, { ...row, dueAt, taken: false });
    },

    nextDueAt: async () => due()[0]?.dueAt,
    busy: async (nowMs) => due().filter(({ taken, dueAt = 0 }) => taken || dueAt <= nowMs).length,

    async list({ saga, status, after, limit }) {
      return cells
        .rows(runs)
        .map(([, row]) => row)
        .filter((row) => (saga === undefined || row.saga === saga) && (status === undefined || row.status === status))
        .filter((row) => after === undefined || inOrder(row, after) > 0)
        .sort(inOrder)
        .slice(0, limit)
        .map(recordOf);
    },

    async journal(saga, id) {
      return cells
        .rows(entries)
        .map(([, row]) => row)
        .filter((row) => row.saga === saga && row.id === id)
        .sort((left, right) => left.version - right.version)
        .map(({ saga: _saga, id: _id, ...entry }) => entry);
    },

    async counts() {
      const counted = new Map<string, SagaCount>();
      for (const [, { saga, status }] of cells.rows(runs)) {
        if (status !== 'running' && status !== 'stuck') continue;
        const key = keyOf(saga, status);
        counted.set(key, { saga, status, count: (counted.get(key)?.count ?? 0) + 1 });
      }
      return [...counted.values()].sort(
        (left, right) => compareCodePoints(left.saga, right.saga) || compareCodePoints(left.status, right.status),
      );
    },

    async keepPlan(plan) {
      const key = keyOf(plan.name, plan.version);
      await cells.lock(plans, key);
      if (cells.read(plans, key) === undefined) cells.write(plans, key, JSON.stringify(plan));
    },

    async plan(saga, version) {
      const text = cells.read(plans, keyOf(saga, version));
      return text === undefined ? null : (JSON.parse(text) as SagaPlan);
    },

    async purge(endedBefore, limit) {
      let gone = 0;
      for (const [key, { saga, id, status, updatedAt }] of cells.rows(runs)) {
        const ended = status === 'completed' || status === 'compensated';
        if (!ended || updatedAt >= endedBefore || gone >= limit || !cells.tryLock(runs, key)) continue;
        cells.write(runs, key, undefined);
        gone += 1;
        for (const [entryKey, entry] of cells.rows(entries)) {
          if (entry.saga !== saga || entry.id !== id) continue;
          await cells.lock(entries, entryKey);
          cells.write(entries, entryKey, undefined);
        }
      }
      return gone;
    },
  };
}

function written({ run, start, ...rest }: SagaRecord): Written {
  return { ...rest, run: JSON.stringify(run), start: JSON.stringify(start) };
}

function recordOf({ run, start, ...rest }: Written): SagaRecord {
  return { ...rest, run: JSON.parse(run), start: JSON.parse(start) };
}

function inOrder(left: Pick<SagaRecord, 'saga' | 'id'>, right: Pick<SagaRecord, 'saga' | 'id'>): number {
  return compareCodePoints(left.saga, right.saga) || compareCodePoints(left.id, right.id);
}
