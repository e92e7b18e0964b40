import { allOrders } from './all-orders.js';
import { badJson } from './bad-json.js';
import { batch } from './batch.js';
import { breakerOpenHalfOpenClose } from './breaker-open-half-open-close.js';
import { brokerDown } from './broker-down.js';
import { brokerRestart } from './broker-restart.js';
import { bulkheadFull } from './bulkhead-full.js';
import { clockSkewProducer } from './clock-skew-producer.js';
import { commandOneReceiver } from './command-one-receiver.js';
import { concurrentSameKey } from './concurrent-same-key.js';
import { connectionCut } from './connection-cut.js';
import { consumerRebalance } from './consumer-rebalance.js';
import { crashAfterCommitBeforeAck } from './crash-after-commit-before-ack.js';
import { crashAfterCommitBeforePublish } from './crash-after-commit-before-publish.js';
import { crashBeforeHandler } from './crash-before-handler.js';
import { crashMidHandler } from './crash-mid-handler.js';
import { create } from './create.js';
import { deadlineExpiredNotForwarded } from './deadline-expired-not-forwarded.js';
import { deletion } from './delete.js';
import { dependencyAtOnce } from './dependency-at-once.js';
import { dependencyBehindMe } from './dependency-behind-me.js';
import { dependencyDeleted } from './dependency-deleted.js';
import { dlqReplay } from './dlq-replay.js';
import { duplicate } from './duplicate.js';
import { duplicateConcurrent } from './duplicate-concurrent.js';
import { equalTimestamps } from './equal-timestamps.js';
import { fanOut } from './fan-out.js';
import { filterTransition } from './filter-transition.js';
import { flagOff } from './flag-off.js';
import { forceSync } from './force-sync.js';
import { foreignInstants } from './foreign-instants.js';
import { forgedSender } from './forged-sender.js';
import { fullSync } from './full-sync.js';
import { fullSyncDuringLive } from './full-sync-during-live.js';
import { handlerThrows } from './handler-throws.js';
import { http5xx } from './http-5xx.js';
import { http429 } from './http-429.js';
import { httpReset } from './http-reset.js';
import { httpTimeoutUnknown } from './http-timeout-unknown.js';
import { lag } from './lag.js';
import { laggingReplica } from './lagging-replica.js';
import { lateDependency } from './late-dependency.js';
import { missingCorrelation } from './missing-correlation.js';
import { missingDependency } from './missing-dependency.js';
import { oldVersionMessage } from './old-version-message.js';
import { outOfOrder } from './out-of-order.js';
import { outboxRelayDuplicate } from './outbox-relay-duplicate.js';
import { poison } from './poison.js';
import { readBeforeCommit } from './read-before-commit.js';
import { redeliveryStorm } from './redelivery-storm.js';
import { replayAfterTtl } from './replay-after-ttl.js';
import { retryAmplification } from './retry-amplification.js';
import type { Scenario } from './scenario.js';
import { slowHttp } from './slow-http.js';
import { softDelete } from './soft-delete.js';
import { staleAfterDelete } from './stale-after-delete.js';
import { storeFails } from './store-fails.js';
import { unknownField } from './unknown-field.js';
import { unknownMessageType } from './unknown-message-type.js';
import { update } from './update.js';
import { wrongCaller } from './wrong-caller.js';

/** Every way in which things go wrong that a service is tried with. Adding one is a file and a line here. */
export const scenarios: readonly Scenario[] = [
  allOrders,
  create,
  update,
  deletion,
  softDelete,
  outOfOrder,
  staleAfterDelete,
  equalTimestamps,
  foreignInstants,
  duplicate,
  duplicateConcurrent,
  missingDependency,
  lateDependency,
  dependencyBehindMe,
  dependencyAtOnce,
  dependencyDeleted,
  forceSync,
  fullSync,
  fullSyncDuringLive,
  filterTransition,
  poison,
  handlerThrows,
  storeFails,
  unknownMessageType,
  unknownField,
  oldVersionMessage,
  crashBeforeHandler,
  crashMidHandler,
  crashAfterCommitBeforeAck,
  crashAfterCommitBeforePublish,
  brokerDown,
  brokerRestart,
  connectionCut,
  redeliveryStorm,
  consumerRebalance,
  lag,
  clockSkewProducer,
  outboxRelayDuplicate,
  dlqReplay,
  missingCorrelation,
  forgedSender,
  fanOut,
  batch,
  commandOneReceiver,
  slowHttp,
  http5xx,
  httpTimeoutUnknown,
  httpReset,
  http429,
  badJson,
  breakerOpenHalfOpenClose,
  bulkheadFull,
  retryAmplification,
  concurrentSameKey,
  replayAfterTtl,
  readBeforeCommit,
  laggingReplica,
  flagOff,
  wrongCaller,
  deadlineExpiredNotForwarded,
];

export function scenarioNamed(id: string): Scenario | undefined {
  return scenarios.find((one) => one.id === id);
}
