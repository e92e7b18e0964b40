import { background } from '../background.js';
import type { Consumer } from '../consume/consumer.js';
import { errorText } from '../consume/failures.js';
import type { Parts } from '../parts.js';
import type { Transaction } from '../stores/store.js';
import type { FullSyncRequest } from './control.js';
import { type FetchPage, type FullSyncReport, nothingRead, pageReader } from './full.js';

/** A full sync that somebody asked for, as the service's store remembers it: it outlives the process that runs it. */
export interface FullRun extends FullSyncReport {
  readonly run: string;
  readonly entity: string;
  readonly repair: boolean;
  readonly state: 'running' | 'done' | 'failed';
  /** Cursor behind the last page that was applied. */
  readonly after?: string;
  /** Milliseconds since the epoch, by the runtime's clock. */
  readonly startedAt: number;
  readonly updatedAt: number;
  /** Why it is not going on at the moment, or why it has failed. */
  readonly trouble?: string;
  /** Failed tries of the present page. */
  readonly tries: number;
  /** Runs before this one, newest first: a request that is delivered late a second time must not begin one of them again. */
  readonly earlier: readonly string[];
  /** Who runs it, and until when nobody else may. */
  readonly lease?: { readonly holder: string; readonly until: number };
}

/** Runs full syncs that are asked for by message: one at a time for each entity, whatever the number of processes; another one joins it. */
export interface FullRuns {
  /** Remembers the wish; the run goes on in the background. Resolves once it is committed. */
  request(request: FullSyncRequest): Promise<void>;
  start(): void;
  /** Lets the page in work finish; another process, or the next start, goes on behind it. */
  stop(): Promise<void>;
}

const sweepMs = 5_000;
/** After this long without a page the process that ran it counts as gone. */
const leaseMs = 60_000;
const triesMax = 8;
const earlierMax = 50;
const backoff = { firstMs: 500, maxMs: 30_000 };

/** Note of the service's store that holds the last run of an entity. */
export function fullRunNote(entity: string): string {
  return `full-sync:${entity}`;
}

export function readFullRun(note: string | null): FullRun | undefined {
  return note === null ? undefined : (JSON.parse(note) as FullRun);
}

/** `pages` says for each entity how its owner's list is read. */
export function createFullRuns(
  parts: Parts,
  consumers: readonly Consumer[],
  pages: Readonly<Record<string, FetchPage>>,
): FullRuns {
  const holder = parts.random.uuid();
  const entities = Object.keys(pages);
  let cancelTimer = (): void => {};

  // Side by side: one whose owner is away must not hold up the others.
  const tasks = entities.map((entity) =>
    background(
      () => runOf(entity),
      (error) => parts.log.warn({ entity, error }, 'a full sync could not be looked at'),
    ),
  );

  /** Goes on with the run of an entity, if there is one that nobody runs. */
  async function runOf(entity: string): Promise<void> {
    const fetchPage = pages[entity];
    if (fetchPage === undefined) return;
    for (let run = await take(entity); run !== undefined; run = await onePage(run, fetchPage)) {
      if (parts.signal.aborted) {
        await save(run, { ...run, lease: { holder, until: 0 } });
        return;
      }
    }
  }

  /** The run with one more page; undefined when it has ended, or belongs to somebody else by now. */
  async function onePage(run: FullRun, fetchPage: FetchPage): Promise<FullRun | undefined> {
    try {
      const read = pageReader(parts, consumers, run.entity, fetchPage, run.repair);
      const { report, next } = await read(run.after, reportOf(run));
      const { trouble: _, ...before } = run;
      const told = { ...before, ...report, tries: 0 };
      const facts = { entity: run.entity, run: run.run, pages: report.pages, items: report.items };
      parts.log.info(facts, next === undefined ? 'full sync done' : 'full sync goes on');
      return await save(run, next === undefined ? { ...told, state: 'done' } : { ...told, after: next });
    } catch (error) {
      // The same page again, from the same cursor: what it had applied is a duplicate then.
      if (parts.signal.aborted) return run;
      const tries = run.tries + 1;
      const failed = { ...run, tries, trouble: errorText(error) };
      parts.log.warn({ entity: run.entity, run: run.run, tries, error }, 'a page of a full sync could not be read');
      if (tries >= triesMax) return save(run, { ...failed, state: 'failed' });
      const saved = await save(run, failed);
      await parts.clock.sleep(Math.min(backoff.firstMs * 2 ** run.tries, backoff.maxMs), parts.signal).catch(() => {});
      return saved;
    }
  }

  /** Takes a run that is nobody's. */
  function take(entity: string): Promise<FullRun | undefined> {
    return exclusively(parts, entity, async (tx, run) => {
      const nowMs = parts.clock.now();
      if (run?.state !== 'running') return undefined;
      if (run.lease !== undefined && run.lease.holder !== holder && run.lease.until > nowMs) return undefined;
      return write(tx, { ...run, lease: { holder, until: nowMs + leaseMs } });
    });
  }

  /** Writes progress down. Somebody who took the run over after a long pause of this process has it now. */
  function save(before: FullRun, after: FullRun): Promise<FullRun | undefined> {
    return exclusively(parts, before.entity, async (tx, stored) => {
      if (stored?.run !== before.run || stored.lease?.holder !== holder) return undefined;
      const nowMs = parts.clock.now();
      const { lease, ...rest } = after;
      if (after.state !== 'running') {
        await write(tx, { ...rest, updatedAt: nowMs });
        return undefined;
      }
      const until = lease?.until === 0 ? 0 : nowMs + leaseMs;
      return write(tx, { ...rest, updatedAt: nowMs, lease: { holder, until } });
    });
  }

  function wake(): void {
    for (const task of tasks) task.wake();
  }

  function schedule(): void {
    cancelTimer = parts.clock.timer(sweepMs, () => {
      wake();
      schedule();
    });
  }

  return {
    async request({ entity, run, repair }) {
      await exclusively(parts, entity, async (tx, present) => {
        const known = present === undefined ? [] : [present.run, ...present.earlier];
        if (present?.state === 'running' || known.includes(run)) return;
        const nowMs = parts.clock.now();
        const times = { startedAt: nowMs, updatedAt: nowMs };
        const fresh = { ...nothingRead, ...times, run, entity, repair, tries: 0, earlier: known.slice(0, earlierMax) };
        const trouble = `${parts.definition.service} has no way to list ${entity}`;
        await write(
          tx,
          Object.hasOwn(pages, entity) ? { ...fresh, state: 'running' } : { ...fresh, state: 'failed', trouble },
        );
      });
      wake();
    },
    start() {
      if (entities.length === 0) return;
      schedule();
      wake();
    },
    async stop() {
      cancelTimer();
      await Promise.all(tasks.map((task) => task.stop()));
    },
  };
}

function reportOf({
  pages,
  items,
  applied,
  stale,
  duplicate,
  parked,
  rejected,
  problems,
  checksum,
}: FullRun): FullSyncReport {
  return { pages, items, applied, stale, duplicate, parked, rejected, problems, checksum };
}

function exclusively<T>(
  parts: Parts,
  entity: string,
  work: (tx: Transaction, run: FullRun | undefined) => Promise<T>,
): Promise<T> {
  return parts.store.transaction(async (tx) => {
    await tx.lock([fullRunNote(entity)]);
    return work(tx, readFullRun(await tx.note(fullRunNote(entity))));
  });
}

async function write(tx: Transaction, run: FullRun): Promise<FullRun> {
  await tx.setNote(fullRunNote(run.entity), JSON.stringify(run));
  return run;
}
