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
  const copies = consumers.filter((one): one is Replica => one.kind === 'replica' && one.definition.entity === entity);
  const [first] = copies;
  if (first === undefined) throw new UsageError(`${parts.definition.service} keeps no copy of ${entity}`);
  const limit = Math.min(...copies.map(({ definition }) => definition.batchSize ?? 100));
  const counts = { applied: 0, stale: 0, duplicate: 0, parked: 0, rejected: 0 };
  const problems: string[] = [];
  const sum = checksum();
  let pages = 0;
  let items = 0;
  for (let after = options.after; ; ) {
    const page = await fetchPage({ limit, ...(after !== undefined && { after }) });
    pages += 1;
    for (const item of page.items) {
      items += 1;
      await applyItem(item);
    }
    const next = page.nextCursor ?? undefined;
    if (next === undefined) break;
    if (next === after) throw new UsageError(`the list of ${entity} answers the same cursor again: ${next}`);
    after = next;
  }
  parts.log.info({ entity, pages, items, ...counts }, 'full sync done');
  return { pages, items, ...counts, problems, checksum: sum.value() };

  async function applyItem(item: unknown): Promise<void> {
    const read = readItem(parts, copies, item);
    if (!read.ok) return reject(read.problem);
    const envelope: Envelope = options.repair === true ? { ...read.envelope, force: true } : read.envelope;
    sum.add(envelope);
    const received = { envelope, wire: encode(envelope), attempt: 1 };
    for (const copy of copies) {
      const problem = problemsOf(copy.definition.message, envelope.data);
      if (problem === undefined) count(await processMessage(parts, copy, received));
      else reject(problem);
    }
  }

  function count(verdict: Verdict): void {
    if (verdict.kind === 'parked') counts.parked += 1;
    else if (verdict.kind === 'dead') reject(verdict.detail);
    else if (verdict.kind === 'failed') reject(String(verdict.error));
    else if (verdict.outcome === 'stale' || verdict.outcome === 'duplicate') counts[verdict.outcome] += 1;
    else counts.applied += 1;
  }

  function reject(problem: string): void {
    counts.rejected += 1;
    if (problems.length < 100) problems.push(problem);
  }
}
