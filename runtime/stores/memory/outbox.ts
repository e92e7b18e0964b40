import { compareCodePoints } from '../../code-points.js';
import { isLater } from '../later-key.js';
import { leaseAheadMaxMs } from '../outbox-lease.js';
import type { OutboxBacklog, OutboxMessage, TakeOutbox } from '../store.js';
import { type CellTransaction, table } from './cells.js';

interface OutboxRow {
  readonly position: number;
  readonly message: OutboxMessage;
  /** Ms since the epoch; 0 when nobody has taken it. */
  readonly takenUntil: number;
  readonly writtenAt: number;
}

const outboxRows = table<OutboxRow>('outbox');

export async function appendOutbox(
  cells: CellTransaction,
  messages: readonly OutboxMessage[],
  nextPosition: () => number,
  nowMs: number,
): Promise<void> {
  for (const message of messages) {
    await cells.lock(outboxRows, message.id);
    if (cells.read(outboxRows, message.id)) throw new Error(`the outbox already holds message "${message.id}"`);
    cells.write(outboxRows, message.id, {
      position: nextPosition(),
      message: copyOf(message),
      takenUntil: 0,
      writtenAt: nowMs,
    });
  }
}

export async function takeOutbox(
  cells: CellTransaction,
  { nowMs, untilMs, limit, runMax, except = [], after }: TakeOutbox,
): Promise<readonly OutboxMessage[]> {
  const rows = byPosition(cells);
  if (rows.length === 0) return [];
  const runs = new Map<string, OutboxRow[]>();
  for (const row of rows) runs.set(row.message.key, [...(runs.get(row.message.key) ?? []), row]);
  const keys = [...runs.keys()]
    .filter((key) => !except.includes(key) && (after === undefined || compareCodePoints(key, after) > 0))
    .sort(compareCodePoints);
  const isTaken = ({ takenUntil }: OutboxRow): boolean => takenUntil > nowMs && takenUntil <= untilMs + leaseAheadMaxMs;
  const held: OutboxRow[][] = [];
  for (const key of keys) {
    const run = runs.get(key)?.slice(0, runMax) ?? [];
    const [head] = run;
    if (held.length >= limit) break;
    if (head === undefined || isTaken(head) || head.message.dueAt > nowMs) continue;
    // Whoever holds the oldest message of a key holds the key.
    if (!cells.tryLock(outboxRows, head.message.id)) continue;
    const late = run.findIndex(({ message }) => message.dueAt > nowMs);
    held.push(late === -1 ? run : run.slice(0, late));
  }
  const taken = held
    .flatMap((run) => run.map((row, rank) => ({ row, rank })))
    .sort((left, right) => left.rank - right.rank || left.row.position - right.row.position)
    .slice(0, limit)
    .map(({ row }) => row)
    .sort((left, right) => left.position - right.position);
  for (const row of taken) await mark(cells, row.message.id, untilMs);
  return taken.map(({ message }) => message);
}

export async function giveBackOutbox(cells: CellTransaction, ids: readonly string[], untilMs: number): Promise<void> {
  for (const id of ids) {
    await cells.lock(outboxRows, id);
    if (cells.read(outboxRows, id)?.takenUntil === untilMs) await mark(cells, id, 0);
  }
}

async function mark(cells: CellTransaction, id: string, takenUntil: number): Promise<void> {
  await cells.lock(outboxRows, id);
  const row = cells.read(outboxRows, id);
  if (row !== undefined) cells.write(outboxRows, id, { ...row, takenUntil });
}

export async function removeOutbox(cells: CellTransaction, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await cells.lock(outboxRows, id);
    cells.write(outboxRows, id, undefined);
  }
}

export async function outboxBacklog(cells: CellTransaction): Promise<OutboxBacklog> {
  const rows = byPosition(cells);
  if (rows.length === 0) return { count: 0 };
  const least = (values: readonly number[]) => values.reduce((one, other) => Math.min(one, other));
  const later = rows.filter(({ message }) => isLater(message.key)).length;
  return {
    count: rows.length - later,
    ...(later > 0 && { later }),
    oldestDueAt: least(rows.map(({ message }) => message.dueAt)),
    waitingSince: least(rows.map(({ message, writtenAt }) => Math.max(message.dueAt, writtenAt))),
  };
}

export async function outboxOf(cells: CellTransaction, key: string, limit: number): Promise<readonly OutboxMessage[]> {
  return byPosition(cells)
    .filter(({ message }) => message.key === key)
    .slice(0, limit)
    .map(({ message }) => message);
}

/** Nobody else holds a reference into the store. */
function copyOf({ address, message: { headers, body }, ...facts }: OutboxMessage): OutboxMessage {
  return { ...facts, address: { ...address }, message: { headers: { ...headers }, body: body.slice() } };
}

function byPosition(cells: CellTransaction): readonly OutboxRow[] {
  return cells
    .rows(outboxRows)
    .map(([, row]) => row)
    .sort((left, right) => left.position - right.position);
}
