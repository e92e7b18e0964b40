import { UsageError } from '../../errors.js';
import type { KafkaAddress } from './address.js';

/** The requests of Kafka's protocol that we send to one broker, as kafkajs encodes them. Each rejects with the error that the answer holds. */
export interface KafkaNode {
  /** What the broker understands, by number of the request. */
  readonly versions: Readonly<Record<number, unknown>> | null;
  metadata(topics: readonly string[]): Promise<{ readonly topicMetadata: readonly TopicMetadata[] }>;
  createTopics(request: { readonly topics: readonly object[]; readonly timeout: number }): Promise<unknown>;
  initProducerId(request: { readonly transactionTimeout: number }): Promise<ProducerId>;
  produce(request: {
    readonly topicData: readonly object[];
    readonly producerId: unknown;
    readonly producerEpoch: number;
    readonly acks: number;
    readonly timeout: number;
  }): Promise<unknown>;
  fetch(request: {
    readonly replicaId: number;
    readonly isolationLevel: number;
    readonly maxWaitTime: number;
    readonly minBytes: number;
    readonly maxBytes: number;
    readonly topics: readonly object[];
  }): Promise<{ readonly responses: readonly FetchedTopic[] }>;
  listOffsets(request: {
    readonly replicaId: number;
    readonly isolationLevel: number;
    readonly topics: readonly object[];
  }): Promise<{ readonly responses: readonly OffsetsOfTopic[] }>;
  offsetCommit(request: {
    readonly groupId: string;
    readonly groupGenerationId: number;
    readonly memberId: string;
    readonly retentionTime: number;
    readonly topics: readonly object[];
  }): Promise<unknown>;
  offsetFetch(request: {
    readonly groupId: string;
    readonly topics: readonly object[];
  }): Promise<{ readonly responses: readonly OffsetsOfTopic[] }>;
  joinGroup(request: {
    readonly groupId: string;
    readonly sessionTimeout: number;
    readonly rebalanceTimeout: number;
    readonly memberId: string;
    readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
  }): Promise<Joined>;
  syncGroup(request: {
    readonly groupId: string;
    readonly generationId: number;
    readonly memberId: string;
    readonly groupAssignment: readonly { readonly memberId: string; readonly memberAssignment: Buffer }[];
  }): Promise<{ readonly memberAssignment: Buffer }>;
  heartbeat(request: {
    readonly groupId: string;
    readonly groupGenerationId: number;
    readonly memberId: string;
  }): Promise<unknown>;
  leaveGroup(request: { readonly groupId: string; readonly memberId: string }): Promise<unknown>;
}

export interface TopicMetadata {
  readonly topic: string;
  readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
}

export interface ProducerId {
  readonly producerId: unknown;
  readonly producerEpoch: number;
}

export interface OffsetsOfTopic {
  readonly topic: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly offset: string;
    readonly metadata?: string | null;
  }[];
}

export interface FetchedTopic {
  readonly topicName: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly highWatermark: string;
    readonly abortedTransactions: readonly { readonly producerId: string; readonly firstOffset: string }[] | null;
    readonly messages: readonly FetchedMessage[];
  }[];
}

export interface FetchedMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>>;
  readonly isControlRecord?: boolean;
  readonly batchContext?: { readonly producerId: string; readonly inTransaction: boolean };
}

export interface Joined {
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
}

/** The brokers of a cluster and what is known about its topics. */
export interface KafkaCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  getNodeIds(): readonly (string | number)[];
  refreshMetadata(): Promise<void>;
  /** Once a minute. */
  refreshMetadataIfNecessary(): Promise<void>;
  /** Learns where partitions lie; rejects when a topic does not exist. */
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findTopicPartitionMetadata(topic: string): TopicMetadata['partitionMetadata'];
  findBroker(node: { readonly nodeId: string | number }): Promise<KafkaNode>;
  findControllerBroker(): Promise<KafkaNode>;
  findGroupCoordinator(group: { readonly groupId: string }): Promise<KafkaNode>;
  metadata(about?: {
    readonly topics: readonly string[];
  }): Promise<{ readonly topicMetadata: readonly TopicMetadata[] }>;
}

/** What kafkajs does for us: connections, users, the encoding of requests and of group protocols. */
export interface KafkaDriver {
  cluster(): KafkaCluster;
  /** Partition of a key, as Java's and everybody's default partitioner chooses it. */
  partitionOf(topic: string, key: string, partitions: number): number;
  encodeTopics(topics: readonly string[]): Buffer;
  decodeTopics(metadata: Buffer): readonly string[];
  encodeAssignment(assignment: Readonly<Record<string, readonly number[]>>): Buffer;
  decodeAssignment(assignment: Buffer): Readonly<Record<string, readonly number[]>>;
}

/** Opens a connection to a broker; a test that breaks lines passes its own. */
export type KafkaSockets = import('kafkajs').ISocketFactory;

/**
 * kafkajs for an address. Its consumer and producer are not used: the consumer hides when partitions are taken away and cannot commit before it joins, and
 * both hide how a failure ended. What is underneath them is: one request to one broker.
 *
 * Rejects with `UsageError` when the package is not installed.
 */
export async function kafkaDriver(address: KafkaAddress, sockets?: KafkaSockets): Promise<KafkaDriver> {
  const { Kafka, AssignerProtocol, Partitioners, logLevel } = await kafkajs();
  const kafka = new Kafka({
    brokers: [...address.brokers],
    ssl: address.ssl,
    ...(address.sasl && { sasl: address.sasl as import('kafkajs').SASLOptions }),
    clientId: address.clientId,
    connectionTimeout: 3_000,
    authenticationTimeout: 5_000,
    requestTimeout: 10_000,
    // Ours is the patience: we know what waits for the answer.
    retry: { retries: 1, initialRetryTime: 100, maxRetryTime: 1_000 },
    logLevel: logLevel.NOTHING,
    ...(sockets && { socketFactory: sockets }),
  });
  const { MemberMetadata, MemberAssignment } = AssignerProtocol;
  const partitioner = Partitioners.DefaultPartitioner();
  return {
    cluster: () => clusterOf(kafka),
    partitionOf: (topic, key, partitions) =>
      partitioner({ topic, message: { key, value: null }, partitionMetadata: numbered(partitions) }),
    encodeTopics: (topics) => MemberMetadata.encode({ version: 0, topics: [...topics], userData: Buffer.alloc(0) }),
    decodeTopics: (metadata) => MemberMetadata.decode(metadata)?.topics ?? [],
    encodeAssignment: (assignment) =>
      MemberAssignment.encode({
        version: 0,
        assignment: Object.fromEntries(Object.entries(assignment).map(([topic, list]) => [topic, [...list]])),
        userData: Buffer.alloc(0),
      }),
    decodeAssignment: (assignment) => MemberAssignment.decode(assignment)?.assignment ?? {},
  };
}

async function kafkajs(): Promise<typeof import('kafkajs')> {
  try {
    const module = await import('kafkajs');
    return (module as { default?: typeof import('kafkajs') }).default ?? module;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError('the broker "kafka:" needs the package "kafkajs"; install it with "npm install kafkajs@2"');
  }
}

/** kafkajs makes one cluster for each of its producers and consumers by this method, which it names by a symbol. */
function clusterOf(kafka: object): KafkaCluster {
  const name = Object.getOwnPropertySymbols(kafka).find((one) => one.description === 'private:Kafka:createCluster');
  const create = name && (kafka as Record<symbol, (options: object) => KafkaCluster>)[name];
  if (create === undefined) throw new UsageError('this version of the package "kafkajs" is unknown; install 2.2.4');
  return create({ metadataMaxAge: 60_000, allowAutoTopicCreation: false, isolationLevel: readCommitted });
}

/** Only what transactions of other producers have committed. */
export const readCommitted = 1;

const known: import('kafkajs').PartitionMetadata[] = [];

function numbered(count: number): import('kafkajs').PartitionMetadata[] {
  for (let partitionId = known.length; partitionId < count; partitionId++) {
    known.push({ partitionErrorCode: 0, partitionId, leader: 0, replicas: [], isr: [] });
  }
  return known.slice(0, count);
}
