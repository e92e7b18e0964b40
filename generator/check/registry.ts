import type { Rule } from './rule.js';
import { bindingMisspelt } from './rules/binding-misspelt.js';
import { bindingNotHonoured } from './rules/binding-not-honoured.js';
import { cacheOnWrite } from './rules/cache-on-write.js';
import { channelUnknown } from './rules/channel-unknown.js';
import { commandFannedOut } from './rules/command-fanned-out.js';
import { commandOneReceiver } from './rules/command-one-receiver.js';
import { commandWithoutSender } from './rules/command-without-sender.js';
import { consumerNeedsUnknownField } from './rules/consumer-needs-unknown-field.js';
import { consumerWithoutProducer } from './rules/consumer-without-producer.js';
import { copyNameTaken } from './rules/copy-name-taken.js';
import { deleteFieldUnknown } from './rules/delete-field-unknown.js';
import { dependencyCycle } from './rules/dependency-cycle.js';
import { deployOrderContradicts } from './rules/deploy-order-contradicts.js';
import { dlqMissing } from './rules/dlq-missing.js';
import { dlqWithoutAlert } from './rules/dlq-without-alert.js';
import { endpointNotInOpenapi } from './rules/endpoint-not-in-openapi.js';
import { entityEventIncomplete } from './rules/entity-event-incomplete.js';
import { entityEventShared } from './rules/entity-event-shared.js';
import { entitySingleOwner } from './rules/entity-single-owner.js';
import { entityUndeclared } from './rules/entity-undeclared.js';
import { entityWithoutFullSync } from './rules/entity-without-full-sync.js';
import { eventConsumerWithoutIdempotency } from './rules/event-consumer-without-idempotency.js';
import { eventNotDeclared } from './rules/event-not-declared.js';
import { eventWithoutConsumer } from './rules/event-without-consumer.js';
import { exchangeKindDiffers } from './rules/exchange-kind-differs.js';
import { expressionInvalid } from './rules/expression-invalid.js';
import { externalWithoutBreaker } from './rules/external-without-breaker.js';
import { fallbackWithoutCache } from './rules/fallback-without-cache.js';
import { flowEdgeUndeclared } from './rules/flow-edge-undeclared.js';
import { flowUnknownService } from './rules/flow-unknown-service.js';
import { hotOrMissingPartitionKey } from './rules/hot-or-missing-partition-key.js';
import { jobScheduleInvalid } from './rules/job-schedule-invalid.js';
import { jobWithoutIdempotency } from './rules/job-without-idempotency.js';
import { messageDefinedTwice } from './rules/message-defined-twice.js';
import { messageUndeclared } from './rules/message-undeclared.js';
import { messageUnversioned } from './rules/message-unversioned.js';
import { messageWithoutCorrelation } from './rules/message-without-correlation.js';
import { messageWithoutPayload } from './rules/message-without-payload.js';
import { moneyWithoutCurrency } from './rules/money-without-currency.js';
import { namingPatternUnsafe } from './rules/naming-pattern-unsafe.js';
import { nearDuplicateMessageName } from './rules/near-duplicate-message-name.js';
import { noForeignDatabase } from './rules/no-foreign-database.js';
import { noRetry } from './rules/no-retry.js';
import { noTimeout } from './rules/no-timeout.js';
import { nonIdempotentRetry } from './rules/non-idempotent-retry.js';
import { nullOnUndocumented } from './rules/null-on-undocumented.js';
import { operationDuplicate } from './rules/operation-duplicate.js';
import { operationUnknown } from './rules/operation-unknown.js';
import { passwordInUrl } from './rules/password-in-url.js';
import { payloadTooLarge } from './rules/payload-too-large.js';
import { piiInEvent } from './rules/pii-in-event.js';
import { policyUnknown } from './rules/policy-unknown.js';
import { priorityOnQuorumQueue } from './rules/priority-on-quorum-queue.js';
import { publishFilterHidesExit } from './rules/publish-filter-hides-exit.js';
import { publishWithoutOutbox } from './rules/publish-without-outbox.js';
import { pubsubAtMostOnce } from './rules/pubsub-at-most-once.js';
import { referenceWithoutWait } from './rules/reference-without-wait.js';
import { retryAmplification } from './rules/retry-amplification.js';
import { retryBudgetExceedsDeadline } from './rules/retry-budget-exceeds-deadline.js';
import { retryOutlivesMessage } from './rules/retry-outlives-message.js';
import { retryWithoutJitter } from './rules/retry-without-jitter.js';
import { roleApi } from './rules/role-api.js';
import { roleAuth } from './rules/role-auth.js';
import { roleFrontend } from './rules/role-frontend.js';
import { roleGuessed } from './rules/role-guessed.js';
import { roleRepository } from './rules/role-repository.js';
import { roleWorkerEmail } from './rules/role-worker-email.js';
import { sagaCallUndeclared } from './rules/saga-call-undeclared.js';
import { sagaCompensationAfterPivot } from './rules/saga-compensation-after-pivot.js';
import { sagaLocalTwice } from './rules/saga-local-twice.js';
import { sagaMessageWithoutRun } from './rules/saga-message-without-run.js';
import { sagaNoPivot } from './rules/saga-no-pivot.js';
import { sagaNotPublisher } from './rules/saga-not-publisher.js';
import { sagaOutputUndeclared } from './rules/saga-output-undeclared.js';
import { sagaStepOrder } from './rules/saga-step-order.js';
import { sagaStepTwice } from './rules/saga-step-twice.js';
import { sagaStepWithoutCompensation } from './rules/saga-step-without-compensation.js';
import { sagaTwoPhase } from './rules/saga-two-phase.js';
import { sagaUnknownMessage } from './rules/saga-unknown-message.js';
import { sagaUnknownOperation } from './rules/saga-unknown-operation.js';
import { sagaUnknownOutcome } from './rules/saga-unknown-outcome.js';
import { sagaUnknownService } from './rules/saga-unknown-service.js';
import { sagaValueMissing } from './rules/saga-value-missing.js';
import { sagaValueType } from './rules/saga-value-type.js';
import { sagaValueUnknown } from './rules/saga-value-unknown.js';
import { sagaWithoutOrchestrator } from './rules/saga-without-orchestrator.js';
import { sagaWithoutTimeout } from './rules/saga-without-timeout.js';
import { schemaQuickForm } from './rules/schema-quick-form.js';
import { securityMissing } from './rules/security-missing.js';
import { serviceContractDrift } from './rules/service-contract-drift.js';
import { serviceContradiction } from './rules/service-contradiction.js';
import { serviceUnknown } from './rules/service-unknown.js';
import { sharedUnused } from './rules/shared-unused.js';
import { syncChainDepth } from './rules/sync-chain-depth.js';
import { syncFieldUnknown } from './rules/sync-field-unknown.js';
import { syncInEventHandler } from './rules/sync-in-event-handler.js';
import { templatePlaceholder } from './rules/template-placeholder.js';
import { timeoutShorterThanCallee } from './rules/timeout-shorter-than-callee.js';
import { tombstoneTooShort } from './rules/tombstone-too-short.js';
import { versionPathUnknown } from './rules/version-path-unknown.js';
import { versionRangeUnsatisfied } from './rules/version-range-unsatisfied.js';
import { visibilityTimeoutTooShort } from './rules/visibility-timeout-too-short.js';
import { waitCycle } from './rules/wait-cycle.js';
import { waitTimeoutSkip } from './rules/wait-timeout-skip.js';
import { waitUnknown } from './rules/wait-unknown.js';

/** Every rule, in the order of the documentation. */
export const rules: readonly Rule[] = [
  bindingMisspelt,
  bindingNotHonoured,
  cacheOnWrite,
  channelUnknown,
  commandFannedOut,
  commandOneReceiver,
  commandWithoutSender,
  consumerNeedsUnknownField,
  consumerWithoutProducer,
  copyNameTaken,
  deleteFieldUnknown,
  dependencyCycle,
  deployOrderContradicts,
  dlqMissing,
  dlqWithoutAlert,
  endpointNotInOpenapi,
  entityEventIncomplete,
  entityEventShared,
  entitySingleOwner,
  entityUndeclared,
  entityWithoutFullSync,
  eventConsumerWithoutIdempotency,
  eventNotDeclared,
  eventWithoutConsumer,
  exchangeKindDiffers,
  expressionInvalid,
  externalWithoutBreaker,
  fallbackWithoutCache,
  flowEdgeUndeclared,
  flowUnknownService,
  hotOrMissingPartitionKey,
  jobScheduleInvalid,
  jobWithoutIdempotency,
  messageDefinedTwice,
  messageUndeclared,
  messageUnversioned,
  messageWithoutCorrelation,
  messageWithoutPayload,
  moneyWithoutCurrency,
  namingPatternUnsafe,
  nearDuplicateMessageName,
  noForeignDatabase,
  noRetry,
  noTimeout,
  nonIdempotentRetry,
  nullOnUndocumented,
  operationDuplicate,
  operationUnknown,
  passwordInUrl,
  payloadTooLarge,
  piiInEvent,
  policyUnknown,
  priorityOnQuorumQueue,
  publishFilterHidesExit,
  publishWithoutOutbox,
  pubsubAtMostOnce,
  referenceWithoutWait,
  retryAmplification,
  retryBudgetExceedsDeadline,
  retryOutlivesMessage,
  retryWithoutJitter,
  roleApi,
  roleAuth,
  roleFrontend,
  roleGuessed,
  roleRepository,
  roleWorkerEmail,
  sagaCallUndeclared,
  sagaCompensationAfterPivot,
  sagaLocalTwice,
  sagaMessageWithoutRun,
  sagaNoPivot,
  sagaNotPublisher,
  sagaOutputUndeclared,
  sagaStepOrder,
  sagaStepTwice,
  sagaStepWithoutCompensation,
  sagaTwoPhase,
  sagaUnknownMessage,
  sagaUnknownOperation,
  sagaUnknownOutcome,
  sagaUnknownService,
  sagaValueMissing,
  sagaValueType,
  sagaValueUnknown,
  sagaWithoutOrchestrator,
  sagaWithoutTimeout,
  schemaQuickForm,
  securityMissing,
  serviceContractDrift,
  serviceContradiction,
  serviceUnknown,
  sharedUnused,
  syncChainDepth,
  syncFieldUnknown,
  syncInEventHandler,
  templatePlaceholder,
  timeoutShorterThanCallee,
  tombstoneTooShort,
  versionPathUnknown,
  versionRangeUnsatisfied,
  visibilityTimeoutTooShort,
  waitCycle,
  waitTimeoutSkip,
  waitUnknown,
];
