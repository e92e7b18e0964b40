import { UsageError } from '../errors.js';
import { formatInstant } from '../instant.js';
import type { Parts } from '../parts.js';
import type { Transaction } from '../stores/store.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Task, Tasks } from './task.js';

/** A task as the store has it. */
interface Kept {
  readonly task: Task;
  readonly keepMs: number;
  /** Ms since the epoch. */
  readonly timeoutAt?: number;
}

const weekMs = 7 * 86_400_000;

/** The tasks of a service within `unit`. All methods but `start` reject with `UsageError` for an id that is not known. */
export function keepTasks({ clock, random }: Pick<Parts, 'clock' | 'random'>, { tx }: Pick<UnitOfWork, 'tx'>): Tasks {
  async function change(id: string, alter: (task: Task) => Partial<Task>): Promise<Task> {
    await tx.lock([`task ${id}`]);
    const kept = await readKept(tx, id, clock.now());
    if (kept === undefined) throw new UsageError(`there is no task ${JSON.stringify(id.slice(0, 100))}`);
    if (kept.task.state !== 'running') return kept.task;
    return write({ ...kept, task: { ...kept.task, ...alter(kept.task), updatedAt: now() } });
  }

  async function write(kept: Kept): Promise<Task> {
    const { task, keepMs } = kept;
    const expiresAt = clock.now() + keepMs;
    await tx.keepReply(keyOf(task.id), { fingerprint: task.kind, reply: JSON.stringify(kept), expiresAt });
    return task;
  }

  const now = (): string => formatInstant(BigInt(Math.floor(clock.now() * 1_000)));

  return {
    async start(kind, { id = random.uuid(), timeoutMs, keepMs = weekMs } = {}) {
      await tx.lock([`task ${id}`]);
      const known = await readKept(tx, id, clock.now());
      if (known !== undefined && known.task.kind !== kind) {
        throw new UsageError(`the task ${JSON.stringify(id.slice(0, 100))} is of another kind, "${known.task.kind}"`);
      }
      if (known !== undefined) return known.task;
      const task: Task = { id, kind, state: 'running', startedAt: now(), updatedAt: now() };
      return write({ task, keepMs, ...(timeoutMs !== undefined && { timeoutAt: clock.now() + timeoutMs }) });
    },
    progress: (id, progress) => change(id, () => ({ progress })),
    finish: (id, result) => change(id, () => ({ state: 'done', ...(result !== undefined && { result }) })),
    fail: (id, problem) => change(id, () => ({ state: 'failed', problem })),
  };
}

/** What is known of a task at an instant; undefined when nothing is. One that should have ended by then has failed, as far as anybody knows. */
export async function readTask(
  tx: Pick<Transaction, 'keptReply'>,
  id: string,
  nowMs: number,
): Promise<Task | undefined> {
  const kept = await readKept(tx, id, nowMs);
  if (kept === undefined) return undefined;
  const { task, timeoutAt } = kept;
  if (task.state !== 'running' || timeoutAt === undefined || timeoutAt > nowMs) return task;
  return { ...task, state: 'failed', problem: 'it did not end in time' };
}

async function readKept(tx: Pick<Transaction, 'keptReply'>, id: string, nowMs: number): Promise<Kept | undefined> {
  const kept = await tx.keptReply(keyOf(id), nowMs);
  return kept === null ? undefined : (JSON.parse(kept.reply) as Kept);
}

function keyOf(id: string) {
  // Ids come from outside: no database takes texts of any length, or with zeros in them.
  if (id === '' || id.length > 200 || id.includes('\0')) throw new UsageError('the id of a task has 1 to 200 letters');
  return { operation: 'task', caller: '', key: id };
}
