import type { KafkaClient } from './client.js';
import type { Joined, KafkaNode } from './driver.js';
import { byTopic, type Place, placesIn } from './log-reader.js';
import type { Commit } from './partition-progress.js';

/** Name under which members of a group agree on how partitions are shared out. */
const protocol = 'seamwright-by-number';

/**
 * One member of a consumer group: joins, tells that it lives, commits, leaves. Rejections hold the group's answer (`typeOf`), such as
 * `REBALANCE_IN_PROGRESS` or `UNKNOWN_MEMBER_ID`.
 */
export class GroupMember {
  readonly #client: KafkaClient;
  readonly #groupId: string;
  readonly #topics: readonly string[];
  #coordinator: KafkaNode | undefined;
  #memberId = '';
  #generation = -1;

  constructor(client: KafkaClient, groupId: string, topics: readonly string[]) {
    this.#client = client;
    this.#groupId = groupId;
    this.#topics = topics;
  }

  /** Waits for the other members, some seconds as a rule; resolves with the partitions that this one has now. */
  async join(): Promise<readonly Place[]> {
    const { driver, address } = this.#client;
    const coordinator = await this.#client.ask((cluster) => cluster.findGroupCoordinator({ groupId: this.#groupId }));
    this.#coordinator = coordinator;
    const joined = await coordinator.joinGroup({
      groupId: this.#groupId,
      sessionTimeout: address.sessionTimeoutMs,
      rebalanceTimeout: address.rebalanceTimeoutMs,
      memberId: this.#memberId,
      groupProtocols: [{ name: protocol, metadata: driver.encodeTopics(this.#topics) }],
    });
    this.#memberId = joined.memberId;
    this.#generation = joined.generationId;
    const { memberAssignment } = await coordinator.syncGroup({
      groupId: this.#groupId,
      generationId: joined.generationId,
      memberId: joined.memberId,
      groupAssignment: joined.leaderId === joined.memberId ? await this.#shareOut(joined) : [],
    });
    const mine = Object.entries(driver.decodeAssignment(memberAssignment));
    return mine.flatMap(([topic, partitions]) => partitions.map((partition) => ({ topic, partition })));
  }

  /** The group does not know this member any more: the next `join` is a stranger's. */
  forget(): void {
    this.#memberId = '';
  }

  async heartbeat(): Promise<void> {
    await this.#coordinator?.heartbeat({
      groupId: this.#groupId,
      groupGenerationId: this.#generation,
      memberId: this.#memberId,
    });
  }

  /** Refused by the coordinator when this member is not of the group's present generation. */
  async commit(commits: readonly Commit[]): Promise<void> {
    await this.#coordinator?.offsetCommit({
      groupId: this.#groupId,
      groupGenerationId: this.#generation,
      memberId: this.#memberId,
      retentionTime: -1,
      topics: byTopic(commits, ({ partition, offset, metadata }) => ({ partition, offset: String(offset), metadata })),
    });
  }

  /** The others take over at once, not only when this member's session has expired. Never rejects. */
  async leave(): Promise<void> {
    if (this.#memberId === '') return;
    await this.#coordinator?.leaveGroup({ groupId: this.#groupId, memberId: this.#memberId }).catch(() => {});
    this.#memberId = '';
  }

  /**
   * Partitions of the same number go to the same member, whatever their topic: a key has the same number in topics of equal size, so that one process sees
   * all its messages and can hand them out one at a time.
   */
  async #shareOut({ members }: Joined) {
    const { driver } = this.#client;
    const topicsOf = new Map(
      members.map(({ memberId, memberMetadata }) => [memberId, driver.decodeTopics(memberMetadata)]),
    );
    const topics = [...new Set([...topicsOf.values()].flat())].sort();
    const places = await this.#client.ask(async (cluster) => {
      // Topics may have grown; who leads the group decides for all by what it knows.
      await cluster.refreshMetadata();
      return placesIn(cluster, topics);
    });
    const ids = [...topicsOf.keys()].sort();
    const shares = new Map(ids.map((id) => [id, {} as Record<string, number[]>]));
    for (const { topic, partition } of places) {
      // During a deployment members differ in what they read.
      const readers = ids.filter((id) => topicsOf.get(id)?.includes(topic));
      const share = shares.get(readers[partition % readers.length] ?? '');
      if (share !== undefined) share[topic] = [...(share[topic] ?? []), partition];
    }
    return ids.map((memberId) => ({ memberId, memberAssignment: driver.encodeAssignment(shares.get(memberId) ?? {}) }));
  }
}
