import type { Consumer, Replica, Verdict } from '../consume/consumer.js';
import { processMessage } from '../consume/process.js';
import { problemsOf } from '../consume/validate.js';
import type { Envelope } from '../envelope.js';
import { UsageError } from '../errors.js';
import type { Parts } from '../parts.js';
import { encode } from '../wire.js';
import { checksum } from './checksum.js';
import { readItem } from './snapshot-item.js';

/** Fetches one page of an owner's entities: its list endpoint, called through a generated client. Items are messages of the entity, bare or as `SnapshotPage` holds them. */
export type FetchPage = (request: { readonly after?: string; readonly limit: number }) => Promise<{
  readonly items: readonly unknown[];
  readonly nextCursor?: string | null;
}>;

export interface FullSyncOptions {
  /** Begins behind this cursor, to go on after an interruption. */
  readonly after?: string;
  /** Applies equal versions again, to repair damaged copies. Newer copies stay as they are. Default false. */
  readonly repair?: boolean;
}

/** What a full sync did. Every item is counted once for each copy that the service keeps of the entity. */
export interface FullSyncReport {
  readonly pages: number;
  readonly items: number;
  readonly applied: number;
  readonly stale: number;
  readonly duplicate: number;
  readonly parked: number;
  /** Items that no copy took: invalid, without version, or in conflict; the first hundred reasons are in `problems`. */
  readonly rejected: number;
  readonly problems: readonly string[];
  /** Over ids and versions of all items, in any order: equal to the owner's own when nothing changed meanwhile. */
  readonly checksum: string;
}

/**
 * Brings all copies of an entity up to date from the owner's list. Items take the same way as events, guard first, so it may run while events come in,
 * be interrupted and repeated; nothing is published. Rejects with whatever `fetchPage` rejects with, and with `UsageError` when the service keeps no
 * such copy; pages before that stay applied.
 */
export async function fullSync(
  parts: Parts,
  consumers: readonly Consumer[],
  entity: string,
  fetchPage: FetchPage,
  options: FullSyncOptions = {},
): Promise<FullSyncReport> {
  const apply = pageReader(parts, consumers, entity, fetchPage, options.repair === true);
  let report = nothingRead;
  for (let after = options.after; ; ) {
    const page = await apply(after, report);
    report = page.report;
    if (page.next === undefined) break;
    after = page.next;
  }
  const { problems: _, checksum: __, ...counts } = report;
  parts.log.info({ entity, ...counts }, 'full sync done');
  return report;
}

/** The report of a full sync that has not begun. */
export const nothingRead: FullSyncReport = {
  ...{ pages: 0, items: 0, applied: 0, stale: 0, duplicate: 0, parked: 0, rejected: 0, problems: [] },
  checksum: checksum().value(),
};

/** Reads the page behind `after` and applies it: the report with that page in it, and where the next one begins, if there is one. */
export type ReadPage = (
  after: string | undefined,
  before: FullSyncReport,
) => Promise<{ readonly report: FullSyncReport; readonly next?: string }>;

/** Throws `UsageError` when the service keeps no such copy. */
export function pageReader(
  parts: Parts,
  consumers: readonly Consumer[],
  entity: string,
  fetchPage: FetchPage,
  repair: boolean,
): ReadPage {
  const copies = consumers.filter((one): one is Replica => one.kind === 'replica' && one.definition.entity === entity);
  if (copies.length === 0) throw new UsageError(`${parts.definition.service} keeps no copy of ${entity}`);
  const limit = Math.min(...copies.map(({ definition }) => definition.batchSize ?? 100));

  return async (after, before) => {
    const page = await fetchPage({ limit, ...(after !== undefined && { after }) });
    const counts = { ...before, problems: [...before.problems], pages: before.pages + 1 };
    const sum = checksum(before.checksum);
    for (const item of page.items) {
      counts.items += 1;
      const read = readItem(parts, copies, item);
      if (!read.ok) {
        reject(counts, read.problem);
        continue;
      }
      sum.add(read.envelope);
      await applyItem(repair ? { ...read.envelope, force: true } : read.envelope, counts);
    }
    const next = page.nextCursor ?? undefined;
    if (next !== undefined && next === after) {
      throw new UsageError(`the list of ${entity} answers the same cursor again: ${next}`);
    }
    return { report: { ...counts, checksum: sum.value() }, ...(next !== undefined && { next }) };
  };

  async function applyItem(envelope: Envelope, counts: Counts): Promise<void> {
    const received = { envelope, wire: encode(envelope), attempt: 1 };
    for (const copy of copies) {
      const problem = problemsOf(copy.definition.message, envelope.data);
      if (problem === undefined) count(counts, await processMessage(parts, copy, received));
      else reject(counts, problem);
    }
  }
}

type Counts = { -readonly [K in Exclude<keyof FullSyncReport, 'problems' | 'checksum'>]: number } & {
  readonly problems: string[];
};

function count(counts: Counts, verdict: Verdict): void {
  if (verdict.kind === 'parked') counts.parked += 1;
  else if (verdict.kind === 'dead') reject(counts, verdict.detail);
  else if (verdict.kind === 'failed') reject(counts, String(verdict.error));
  else if (verdict.outcome === 'stale' || verdict.outcome === 'duplicate') counts[verdict.outcome] += 1;
  else counts.applied += 1;
}

function reject(counts: Counts, problem: string): void {
  counts.rejected += 1;
  if (counts.problems.length < 100) counts.problems.push(problem);
}
