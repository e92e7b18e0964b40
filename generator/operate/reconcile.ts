import { compareVersions, type Version } from '../../runtime/guard.js';
import type { BucketDigest, EntityVersion, ToldVersion, VersionKind } from '../../runtime/stores/store.js';
import { syncRequest } from '../../runtime/sync/control.js';
import { operator, tellService } from './control-message.js';
import { type Follower, followersOf, ownerOf, versionKind } from './followers.js';
import { type RunningService, type RunningSystem, reachable } from './system.js';

/**
 * How a copy differs. `missing`: the owner has told it, the copy has never seen it. `older`: an older version. `newer`: newer than anything the owner
 * ever had, which only a second writer or a restored database explains. `deleted-here`: a tombstone of the very version that lives at the owner, and no
 * `when` that would leave it out. `undeleted`: lives here at the version that the owner has deleted. `extra`: the owner has never told it.
 */
export type DifferenceKind = 'missing' | 'older' | 'newer' | 'deleted-here' | 'undeleted' | 'extra';

export interface Difference {
  readonly id: string;
  readonly kind: DifferenceKind;
  /** `<epoch>/<sequence>`, as the follower counts. */
  readonly owner?: string;
  readonly here?: string;
}

export interface Counts {
  readonly live: number;
  readonly deleted: number;
}

export interface Reconciled {
  readonly service: string;
  readonly copy: string;
  readonly owner: Counts;
  readonly here: Counts;
  /** Entities of which the contract's `when` keeps no copy: deleted here, live at the owner, at the same version. */
  readonly filtered: number;
  /** Differences that lasted, at most `limit`. */
  readonly differences: readonly Difference[];
  /** All that lasted, by kind. */
  readonly totals: Readonly<Partial<Record<DifferenceKind, number>>>;
  /** Differences of the first look that were gone at the second: messages on their way. */
  readonly lagging: number;
  /** Ids that the owner was asked to tell again. */
  readonly repaired: readonly string[];
  /** Why the copy cannot be compared; nothing else counts then. */
  readonly unreachable?: string;
}

export interface ReconcileOptions {
  readonly service?: string;
  /** Differences told for each copy. */
  readonly limit: number;
  /** How long a difference has to last before it counts. */
  readonly settleMs: number;
  /** Asks the owner to tell what differs again, at most so many a second. */
  readonly repair?: { readonly perSecond: number };
  readonly signal?: AbortSignal;
}

/**
 * Compares copies with what their owner has told: counts and checksums by bucket first, versions one by one only where buckets differ. What
 * `publish_when` holds back does not count, and what is only on its way is looked at a second time. Reads only, unless it repairs. Rejects when the owner's database cannot be asked.
 */
export async function reconcile(
  system: RunningSystem,
  name: string,
  options: ReconcileOptions,
): Promise<readonly Reconciled[]> {
  const { entity, owner } = ownerOf(system, name);
  // Without its owner nothing can be said of any copy.
  await owner.read((tx) => tx.note(name));
  const results: Reconciled[] = [];
  for (const follower of followersOf(system, entity, options.service)) {
    const kind = versionKind(system, entity, follower.copy.version);
    const compared = await reachable(() => compare(system, { name, kind, owner, follower }, options));
    if ('unreachable' in compared) {
      results.push({ ...nothingCompared(follower), ...compared });
      continue;
    }
    const repaired = await repair(system, owner, name, compared.all, options);
    const { all, ...rest } = compared;
    results.push({ ...rest, differences: all.slice(0, options.limit), repaired });
  }
  return results;
}

function nothingCompared({ service, copy }: Follower): Reconciled {
  const none = { live: 0, deleted: 0 };
  const counts = { owner: none, here: none, filtered: 0, lagging: 0, totals: {} };
  return { service: service.name, copy: copy.name, ...counts, differences: [], repaired: [] };
}

interface Pair {
  readonly name: string;
  readonly kind: VersionKind;
  readonly owner: RunningService;
  readonly follower: Follower;
}

async function compare(
  system: RunningSystem,
  pair: Pair,
  { settleMs, signal }: ReconcileOptions,
): Promise<Omit<Reconciled, 'differences' | 'repaired'> & { readonly all: readonly Difference[] }> {
  const { owner, follower, name, kind } = pair;
  const buckets = await bucketsFor(pair);
  const told = await owner.read((tx) => tx.ownedDigest(name, { buckets, versions: kind }));
  const kept = await follower.service.read((tx) => tx.replicaDigest(follower.copy.table, { buckets }));
  const unequal = unequalBuckets(told, kept);
  const first = new Map<string, Difference>();
  let filtered = 0;
  for (const bucket of unequal) {
    const found = await compareBucket(pair, bucket, buckets);
    filtered += found.filtered;
    for (const difference of found.differences) first.set(difference.id, difference);
  }
  let all = [...first.values()];
  if (all.length > 0) {
    // Lagging is not differing: the message may be on its way.
    await system.clock.sleep(settleMs, signal).catch(() => {});
    const lasting: Difference[] = [];
    for (const bucket of unequal) {
      const again = await compareBucket(pair, bucket, buckets);
      lasting.push(...again.differences.filter((one) => lasts(first.get(one.id), one)));
    }
    all = lasting;
  }
  const totals: Partial<Record<DifferenceKind, number>> = {};
  for (const { kind: each } of all) totals[each] = (totals[each] ?? 0) + 1;
  return {
    service: follower.service.name,
    copy: follower.copy.name,
    owner: counted(told),
    here: counted(kept),
    filtered,
    totals,
    lagging: first.size - all.length,
    all,
  };
}

/** The same difference twice, with nothing moved on either side. One that moves is followed by its messages. */
function lasts(before: Difference | undefined, now: Difference): boolean {
  return before !== undefined && before.kind === now.kind && before.here === now.here && before.owner === now.owner;
}

/** About a hundred entities in each bucket, so that one difference makes few rows be read. */
async function bucketsFor({ owner, name, kind }: Pair): Promise<number> {
  const [all] = await owner.read((tx) => tx.ownedDigest(name, { buckets: 1, versions: kind }));
  const count = all === undefined ? 0 : all.live + all.deleted;
  return Math.min(Math.max(Math.ceil(count / 100), 1), 4_096);
}

function unequalBuckets(told: readonly BucketDigest[], kept: readonly BucketDigest[]): readonly number[] {
  const here = new Map(kept.map((digest) => [digest.bucket, digest]));
  const there = new Map(told.map((digest) => [digest.bucket, digest]));
  const all = new Set([...here.keys(), ...there.keys()]);
  return [...all]
    .filter((bucket) => {
      const [left, right] = [there.get(bucket), here.get(bucket)];
      if (left === undefined || right === undefined) return true;
      // One side may have forgotten old tombstones: the live ones decide then.
      return (
        left.checksum !== right.checksum && !(left.liveChecksum === right.liveChecksum && left.live === right.live)
      );
    })
    .sort((left, right) => left - right);
}

function counted(digests: readonly BucketDigest[]): Counts {
  return digests.reduce((sum, { live, deleted }) => ({ live: sum.live + live, deleted: sum.deleted + deleted }), {
    live: 0,
    deleted: 0,
  });
}

/** The copy is read first: what it shows the owner has told before, unless nobody should have told it at all. */
async function compareBucket(
  { owner, follower, name, kind }: Pair,
  bucket: number,
  buckets: number,
): Promise<{ readonly differences: readonly Difference[]; readonly filtered: number }> {
  const kept = await everything((page) =>
    follower.service.read((tx) => tx.listReplicaVersions(follower.copy.table, { bucket, buckets, ...page })),
  );
  const told = await everything((page) =>
    owner.read((tx) => tx.listOwnedVersions(name, { bucket, buckets, versions: kind, ...page })),
  );
  const here = new Map(kept.map((one) => [one.id, one]));
  const differences: Difference[] = [];
  let filtered = 0;
  for (const one of told) {
    const copy = here.get(one.id);
    here.delete(one.id);
    if (copy !== undefined && isFiltered(follower, one, copy)) filtered += 1;
    else {
      const difference = differenceOf(one, copy);
      if (difference !== undefined) differences.push(difference);
    }
  }
  for (const copy of here.values()) {
    // A tombstone of something that the owner has forgotten, or never told, does nobody harm.
    if (!copy.deleted) differences.push({ id: copy.id, kind: 'extra', here: versionText(copy.version) });
  }
  return { differences, filtered };
}

/** Deleted here at a version that lives at the owner: what a `when` that does not hold leaves. */
function isFiltered({ copy }: Follower, told: ToldVersion, here: EntityVersion): boolean {
  return copy.when !== undefined && here.deleted && !told.deleted && order(here.version, told.version) === 0;
}

function differenceOf(told: ToldVersion, here: EntityVersion | undefined): Difference | undefined {
  const about = {
    id: told.id,
    owner: versionText(told.version),
    ...(here !== undefined && { here: versionText(here.version) }),
  };
  // A deletion that never came of something that was never here.
  if (here === undefined) return told.deleted ? undefined : { ...about, kind: 'missing' };
  const position = order(here.version, told.version);
  if (position < 0) return { ...about, kind: 'older' };
  if (position > 0) {
    // Read from the owner's list, held back from messages: newer than what was told, and right all the same.
    return order(here.version, told.current.version) > 0 ? { ...about, kind: 'newer' } : undefined;
  }
  if (here.deleted === told.deleted) return undefined;
  return { ...about, kind: here.deleted ? 'deleted-here' : 'undeleted' };
}

/** By position: the tie-breaker is a message id, which owners do not keep. */
function order(left: Version, right: Version): number {
  return compareVersions({ ...left, tie: '' }, { ...right, tie: '' });
}

async function everything<T extends { readonly id: string }>(
  read: (page: { readonly after?: string; readonly limit: number }) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (;;) {
    const after = all.at(-1)?.id;
    const page = await read({ limit: 1_000, ...(after !== undefined && { after }) });
    all.push(...page);
    if (page.length < 1_000) return all;
  }
}

/** What a forced message can mend: never something that the owner does not know, or a copy that is newer than its owner. */
const repairable: ReadonlySet<DifferenceKind> = new Set(['missing', 'older', 'deleted-here', 'undeleted']);

async function repair(
  system: RunningSystem,
  owner: RunningService,
  entity: string,
  differences: readonly Difference[],
  { repair: wanted, signal }: ReconcileOptions,
): Promise<readonly string[]> {
  if (wanted === undefined) return [];
  const asked: string[] = [];
  for (const { id } of differences.filter(({ kind }) => repairable.has(kind))) {
    if (signal?.aborted === true) break;
    if (asked.length > 0) await system.clock.sleep(1000 / wanted.perSecond, signal).catch(() => {});
    await tellService(system, owner, syncRequest, { entity, id, from: operator });
    asked.push(id);
  }
  return asked;
}

function versionText({ epoch, sequence }: Version): string {
  return `${epoch}/${sequence}`;
}
