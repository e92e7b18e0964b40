import { createHash } from 'node:crypto';
import { entityMessage } from '../entity-message.js';
import type { Envelope } from '../envelope.js';
import type { Parts } from '../parts.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { checksum } from './checksum.js';
import { ownedNamed } from './force.js';

/** One page of an owner's entities, deleted ones included: without its tombstone a deletion that a follower missed would stay missed. */
export interface SnapshotPage {
  /** Messages as events would carry them. `data` is the payload of the contract. */
  readonly items: readonly Envelope[];
  /** Where the next page begins; absent on the last one. */
  readonly nextCursor?: string;
}

export interface PageRequest {
  /** `nextCursor` of the page before. */
  readonly after?: string;
  /** 1 to 500, default 100. */
  readonly limit?: number;
}

/** A page of the present state of an owned entity, by ascending id, for the owner's list endpoint. */
export async function snapshotPage(
  parts: Parts,
  unit: UnitOfWork,
  entity: string,
  { after, limit = 100 }: PageRequest,
): Promise<SnapshotPage> {
  const definition = ownedNamed(parts, entity);
  const size = Math.min(Math.max(Math.trunc(limit), 1), 500);
  const rows = await unit.tx.listOwned(entity, { limit: size, ...(after !== undefined && { after }) });
  const items = rows.flatMap(({ id, ...state }) => {
    const { epoch, sequence } = state.version;
    const { envelope } = entityMessage({
      service: parts.definition.service,
      definition,
      id,
      state,
      op: state.deleted ? 'deleted' : 'snapshot',
      messageId: snapshotId(entity, id, epoch, sequence),
      cause: unit.cause,
      force: false,
    });
    // What publish_when has always held back is nobody's business here either.
    const hidden = state.publishedSequence === 0n && definition.publishWhen?.(envelope.data, null) === false;
    return hidden ? [] : [envelope];
  });
  const last = rows.at(-1);
  return last !== undefined && rows.length === size ? { items, nextCursor: last.id } : { items };
}

/** How many entities an owner has told, tombstones included, and the checksum that a follower's full sync of them would report. */
export async function ownChecksum(
  pageAt: (request: PageRequest) => Promise<SnapshotPage>,
): Promise<{ readonly items: number; readonly checksum: string }> {
  const sum = checksum();
  let items = 0;
  for (let after: string | undefined; ; ) {
    const page = await pageAt({ limit: 500, ...(after !== undefined && { after }) });
    for (const item of page.items) sum.add(item);
    items += page.items.length;
    if (page.nextCursor === undefined) return { items, checksum: sum.value() };
    after = page.nextCursor;
  }
}

/**
 * The same version has the same id in every snapshot, so that it is a duplicate the second time. It sorts before the ids of events, which begin
 * with the time: where the message id breaks ties, a snapshot never displaces an event. Layout: RFC 9562 section 5.8.
 */
function snapshotId(entity: string, id: string, epoch: number, sequence: bigint): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([entity, id, epoch, String(sequence)]))
    .digest('hex');
  return `00000000-0000-8${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}
