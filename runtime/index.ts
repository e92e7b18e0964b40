/** The library that generated code calls. Everything a user or generated code may rely on is exported here. */
export type {
  Address,
  Broker,
  BrokerAdmin,
  BrokerCapabilities,
  Delivery,
  Exchange,
  Queue,
  QueueDepth,
  RetryStep,
  Subscription,
  Topology,
  TopologyDifference,
} from './brokers/broker.js';
export { type MemoryBroker, memoryBroker } from './brokers/memory.js';
export { type RabbitmqBrokerOptions, rabbitmqBroker } from './brokers/rabbitmq.js';
export { brokerFor } from './brokers/registry.js';
export { cel } from './cel.js';
export { type Cancel, type Clock, type Random, systemClock, systemRandom } from './clock.js';
export type { Copy } from './copies.js';
export { command, defaultRetry, effect, outgoing, owned, replica } from './define.js';
export type {
  CommandDefinition,
  CommandHandler,
  CommandSender,
  EffectContext,
  EffectDefinition,
  EffectHandler,
  MessageDefinition,
  OutgoingDefinition,
  OwnedDefinition,
  ReplicaDefinition,
  RetryPolicy,
  SendOptions,
  ServiceDefinition,
  VersionRule,
  WaitRule,
} from './definition.js';
export type { Carries, ChangeKind, Envelope, EnvelopeMapping, WireMessage } from './envelope.js';
export {
  InvalidMessageError,
  RejectMessageError,
  SeamwrightError,
  UnavailableError,
  UnroutableError,
  UsageError,
} from './errors.js';
export { compareVersions, decide, type Incoming, type Outcome, type Stored, type Version } from './guard.js';
export type { AroundHandler, HandlerCall } from './handler-call.js';
export type { Health, HealthCheck, HealthLimits } from './health.js';
export * from './http/index.js';
export type {
  ItemJobHandler,
  JobContext,
  JobControl,
  JobDefinition,
  JobHandler,
  JobReport,
} from './jobs/definition.js';
export { type JsonLoggerOptions, jsonLogger, type LogLevel } from './json-log.js';
export { type Logger, silentLogger, withFacts } from './log.js';
export type { OwnedEntity, RaiseOptions } from './owned.js';
export type { KeepOptions } from './purge.js';
export { redact } from './redact.js';
export { type RaisingRepository, type Repository, raising } from './repository.js';
export { type Runnable, run } from './run.js';
export type {
  SagaCalls,
  SagaControl,
  SagaDefinition,
  SagaLocal,
  SagaLocalContext,
  SagaOutcome,
  SagaStarter,
} from './saga/definition.js';
export type { SagaPlan, SagaSignal, SagaStepPlan, SagaValue } from './saga/plan.js';
export { SagaStepFailed } from './saga/step-failed.js';
export { developmentKeys } from './security/development-keys.js';
export type { SecurityOptions } from './security/security.js';
export { createService, type Service, type ServiceSync } from './service.js';
export type { ServiceOptions } from './service-options.js';
export type { ServiceTransaction } from './service-transaction.js';
export { memoryStore } from './stores/memory.js';
export { type PostgresOptions, postgresStore } from './stores/postgres.js';
export { storeFor } from './stores/registry.js';
export { replicaSql, schemaSql } from './stores/sql/schema-sql.js';
export type { ReplicaTable, Store, Transaction } from './stores/store.js';
export type { FetchPage, FullSyncOptions, FullSyncReport } from './sync/full.js';
export type { PageRequest, SnapshotPage } from './sync/snapshot.js';
export { type Accepted, accepted } from './tasks/accepted.js';
export { type LookOptions, type PollOptions, pollTask, TaskDeadlineError } from './tasks/poll-task.js';
export type { Task, TaskOptions, TaskProgress, TaskReader, Tasks } from './tasks/task.js';
export type { Metric } from './telemetry.js';
export { formatErrors, type ValidationError, type Validator } from './validation.js';
export { at, equals, idOf, textOf } from './values.js';
export { decode, encode } from './wire.js';
