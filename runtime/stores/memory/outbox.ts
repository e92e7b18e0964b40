import type { OutboxMessage } from '../store.js';
import { type CellTransaction, table } from './cells.js';

interface OutboxRow {
  readonly position: number;
  readonly message: OutboxMessage;
}

const outboxRows = table<OutboxRow>('outbox');

export async function appendOutbox(
  cells: CellTransaction,
  messages: readonly OutboxMessage[],
  nextPosition: () => number,
): Promise<void> {
  for (const message of messages) {
    await cells.lock(outboxRows, message.id);
    if (cells.read(outboxRows, message.id)) throw new Error(`the outbox already holds message "${message.id}"`);
    cells.write(outboxRows, message.id, { position: nextPosition(), message: structuredClone(message) });
  }
}

export async function takeOutbox(
  cells: CellTransaction,
  limit: number,
  nowMs: number,
): Promise<readonly OutboxMessage[]> {
  const keys = new Set<string>();
  const taken: OutboxMessage[] = [];
  for (const { message } of byPosition(cells)) {
    if (taken.length >= limit) break;
    if (keys.has(message.key)) continue;
    keys.add(message.key);
    if (message.dueAt <= nowMs && cells.tryLock(outboxRows, message.id)) taken.push(message);
  }
  return taken;
}

export async function removeOutbox(cells: CellTransaction, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await cells.lock(outboxRows, id);
    cells.write(outboxRows, id, undefined);
  }
}

export async function outboxBacklog(
  cells: CellTransaction,
): Promise<{ readonly count: number; readonly oldestDueAt?: number }> {
  const [oldest, ...others] = byPosition(cells).map(({ message }) => message.dueAt);
  if (oldest === undefined) return { count: 0 };
  return { count: others.length + 1, oldestDueAt: others.reduce((least, dueAt) => Math.min(least, dueAt), oldest) };
}

export async function outboxOf(cells: CellTransaction, key: string, limit: number): Promise<readonly OutboxMessage[]> {
  return byPosition(cells)
    .filter(({ message }) => message.key === key)
    .slice(0, limit)
    .map(({ message }) => message);
}

function byPosition(cells: CellTransaction): readonly OutboxRow[] {
  return cells
    .rows(outboxRows)
    .map(([, row]) => row)
    .sort((left, right) => left.position - right.position);
}
