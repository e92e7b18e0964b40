import type { CompatRule } from './rule.js';
import { additionalPropertiesChanged } from './rules/additional-properties-changed.js';
import { additionalPropertiesNarrowed } from './rules/additional-properties-narrowed.js';
import { additionalPropertiesWidened } from './rules/additional-properties-widened.js';
import { alternativeAdded } from './rules/alternative-added.js';
import { alternativeRemoved } from './rules/alternative-removed.js';
import { bindingChanged } from './rules/binding-changed.js';
import { channelAdded } from './rules/channel-added.js';
import { channelAddressChanged } from './rules/channel-address-changed.js';
import { channelParameterMoved } from './rules/channel-parameter-moved.js';
import { channelProtocolChanged } from './rules/channel-protocol-changed.js';
import { channelRemoved } from './rules/channel-removed.js';
import { channelRenamed } from './rules/channel-renamed.js';
import { commandAdded } from './rules/command-added.js';
import { commandReceiverAdded } from './rules/command-receiver-added.js';
import { commandReceiverMoved } from './rules/command-receiver-moved.js';
import { commandReceiverRemoved } from './rules/command-receiver-removed.js';
import { commandRemoved } from './rules/command-removed.js';
import { commandRenamed } from './rules/command-renamed.js';
import { commandReplyChanged } from './rules/command-reply-changed.js';
import { commandRoutingKeyChanged } from './rules/command-routing-key-changed.js';
import { commandSenderAdded } from './rules/command-sender-added.js';
import { commandSenderMoved } from './rules/command-sender-moved.js';
import { commandSenderRemoved } from './rules/command-sender-removed.js';
import { commandTimingChanged } from './rules/command-timing-changed.js';
import { conflictPolicyChanged } from './rules/conflict-policy-changed.js';
import { constantAdded } from './rules/constant-added.js';
import { constantChanged } from './rules/constant-changed.js';
import { constantRemoved } from './rules/constant-removed.js';
import { constantRenamed } from './rules/constant-renamed.js';
import { consumerFilterChanged } from './rules/consumer-filter-changed.js';
import { copyAdded } from './rules/copy-added.js';
import { copyFieldsChanged } from './rules/copy-fields-changed.js';
import { copyRemoved } from './rules/copy-removed.js';
import { copyRenamed } from './rules/copy-renamed.js';
import { correlationIdChanged } from './rules/correlation-id-changed.js';
import { deadLetterWeakened } from './rules/dead-letter-weakened.js';
import { defaultChanged } from './rules/default-changed.js';
import { deleteModeChanged } from './rules/delete-mode-changed.js';
import { dependencyAdded } from './rules/dependency-added.js';
import { dependencyRangeTightened } from './rules/dependency-range-tightened.js';
import { dependencyRangeWidened } from './rules/dependency-range-widened.js';
import { dependencyRemoved } from './rules/dependency-removed.js';
import { deployOrderChanged } from './rules/deploy-order-changed.js';
import { edgeAdded } from './rules/edge-added.js';
import { edgeOperationsChanged } from './rules/edge-operations-changed.js';
import { edgeRemoved } from './rules/edge-removed.js';
import { edgeTermsChanged } from './rules/edge-terms-changed.js';
import { entityAdded } from './rules/entity-added.js';
import { entityKeyChanged } from './rules/entity-key-changed.js';
import { entityOwnerMoved } from './rules/entity-owner-moved.js';
import { entityPayloadMoved } from './rules/entity-payload-moved.js';
import { entityRemoved } from './rules/entity-removed.js';
import { entityRenamed } from './rules/entity-renamed.js';
import { enumClosed } from './rules/enum-closed.js';
import { enumOpened } from './rules/enum-opened.js';
import { enumValueAdded } from './rules/enum-value-added.js';
import { enumValueRemoved } from './rules/enum-value-removed.js';
import { envelopeChanged } from './rules/envelope-changed.js';
import { eventAdded } from './rules/event-added.js';
import { eventConsumerAdded } from './rules/event-consumer-added.js';
import { eventConsumerRemoved } from './rules/event-consumer-removed.js';
import { eventDeliveryWeakened } from './rules/event-delivery-weakened.js';
import { eventEntityChanged } from './rules/event-entity-changed.js';
import { eventNeedsChanged } from './rules/event-needs-changed.js';
import { eventPublisherMoved } from './rules/event-publisher-moved.js';
import { eventRemoved } from './rules/event-removed.js';
import { eventRenamed } from './rules/event-renamed.js';
import { exchangeChanged } from './rules/exchange-changed.js';
import { featureAdded } from './rules/feature-added.js';
import { featureParticipantRemoved } from './rules/feature-participant-removed.js';
import { featureRemoved } from './rules/feature-removed.js';
import { flagChanged } from './rules/flag-changed.js';
import { flagRemoved } from './rules/flag-removed.js';
import { flowPromiseWeakened } from './rules/flow-promise-weakened.js';
import { formatChanged } from './rules/format-changed.js';
import { formatNarrowed } from './rules/format-narrowed.js';
import { formatWidened } from './rules/format-widened.js';
import { fullSyncChanged } from './rules/full-sync-changed.js';
import { headerAdded } from './rules/header-added.js';
import { headerOptional } from './rules/header-optional.js';
import { headerRemoved } from './rules/header-removed.js';
import { idempotencyKeyChanged } from './rules/idempotency-key-changed.js';
import { itemsChanged } from './rules/items-changed.js';
import { itemsNarrowed } from './rules/items-narrowed.js';
import { itemsWidened } from './rules/items-widened.js';
import { jobAdded } from './rules/job-added.js';
import { jobMessagesChanged } from './rules/job-messages-changed.js';
import { jobRemoved } from './rules/job-removed.js';
import { jobScheduleChanged } from './rules/job-schedule-changed.js';
import { jobServiceMoved } from './rules/job-service-moved.js';
import { lengthNarrowed } from './rules/length-narrowed.js';
import { lengthWidened } from './rules/length-widened.js';
import { messageAdded } from './rules/message-added.js';
import { messageChannelChanged } from './rules/message-channel-changed.js';
import { messageContentTypeChanged } from './rules/message-content-type-changed.js';
import { messageDeprecated } from './rules/message-deprecated.js';
import { messagePayloadUndeclared } from './rules/message-payload-undeclared.js';
import { messageRemoved } from './rules/message-removed.js';
import { messageRenamed } from './rules/message-renamed.js';
import { messageReplaced } from './rules/message-replaced.js';
import { messageSecurityNarrowed } from './rules/message-security-narrowed.js';
import { messageSecurityWidened } from './rules/message-security-widened.js';
import { messageVersionChanged } from './rules/message-version-changed.js';
import { messageVersionNotRaised } from './rules/message-version-not-raised.js';
import { namingChanged } from './rules/naming-changed.js';
import { nullableAdded } from './rules/nullable-added.js';
import { nullableRemoved } from './rules/nullable-removed.js';
import { operationAdded } from './rules/operation-added.js';
import { operationDeprecated } from './rules/operation-deprecated.js';
import { operationMethodChanged } from './rules/operation-method-changed.js';
import { operationPathChanged } from './rules/operation-path-changed.js';
import { operationRemoved } from './rules/operation-removed.js';
import { operationRenamed } from './rules/operation-renamed.js';
import { orderingKeyChanged } from './rules/ordering-key-changed.js';
import { orderingStaleChanged } from './rules/ordering-stale-changed.js';
import { orderingVersionChanged } from './rules/ordering-version-changed.js';
import { outboxDropped } from './rules/outbox-dropped.js';
import { parameterAdded } from './rules/parameter-added.js';
import { parameterMoved } from './rules/parameter-moved.js';
import { parameterOptional } from './rules/parameter-optional.js';
import { parameterRemoved } from './rules/parameter-removed.js';
import { parameterRequired } from './rules/parameter-required.js';
import { parameterRequiredAdded } from './rules/parameter-required-added.js';
import { parameterSchemaAdded } from './rules/parameter-schema-added.js';
import { parameterStyleChanged } from './rules/parameter-style-changed.js';
import { partitionKeyChanged } from './rules/partition-key-changed.js';
import { patternChanged } from './rules/pattern-changed.js';
import { patternNarrowed } from './rules/pattern-narrowed.js';
import { patternWidened } from './rules/pattern-widened.js';
import { payloadLimitChanged } from './rules/payload-limit-changed.js';
import { policyChanged } from './rules/policy-changed.js';
import { propertyAdded } from './rules/property-added.js';
import { propertyRemoved } from './rules/property-removed.js';
import { propertyRenamed } from './rules/property-renamed.js';
import { publishFilterChanged } from './rules/publish-filter-changed.js';
import { queueArgumentsChanged } from './rules/queue-arguments-changed.js';
import { rangeChanged } from './rules/range-changed.js';
import { rangeNarrowed } from './rules/range-narrowed.js';
import { rangeWidened } from './rules/range-widened.js';
import { requestBodyOptional } from './rules/request-body-optional.js';
import { requestBodyRemoved } from './rules/request-body-removed.js';
import { requestBodyRequired } from './rules/request-body-required.js';
import { requestMediaTypeRemoved } from './rules/request-media-type-removed.js';
import { requiredAdded } from './rules/required-added.js';
import { requiredRemoved } from './rules/required-removed.js';
import { responseBodyRemoved } from './rules/response-body-removed.js';
import { responseMediaTypeRemoved } from './rules/response-media-type-removed.js';
import { sagaAdded } from './rules/saga-added.js';
import { sagaCompensationChanged } from './rules/saga-compensation-changed.js';
import { sagaCorrelationChanged } from './rules/saga-correlation-changed.js';
import { sagaInvariantChanged } from './rules/saga-invariant-changed.js';
import { sagaOrchestratorMoved } from './rules/saga-orchestrator-moved.js';
import { sagaRemoved } from './rules/saga-removed.js';
import { sagaRenamed } from './rules/saga-renamed.js';
import { sagaStepAdded } from './rules/saga-step-added.js';
import { sagaStepChanged } from './rules/saga-step-changed.js';
import { sagaStepDataChanged } from './rules/saga-step-data-changed.js';
import { sagaStepRemoved } from './rules/saga-step-removed.js';
import { sagaStepRenamed } from './rules/saga-step-renamed.js';
import { sagaStepsReordered } from './rules/saga-steps-reordered.js';
import { sagaTimingChanged } from './rules/saga-timing-changed.js';
import { sagaTriggerChanged } from './rules/saga-trigger-changed.js';
import { schemaIncompatible } from './rules/schema-incompatible.js';
import { schemaUnproven } from './rules/schema-unproven.js';
import { securityLoosened } from './rules/security-loosened.js';
import { securitySchemeChanged } from './rules/security-scheme-changed.js';
import { securityTightened } from './rules/security-tightened.js';
import { serviceAdded } from './rules/service-added.js';
import { serviceRemoved } from './rules/service-removed.js';
import { serviceRoleChanged } from './rules/service-role-changed.js';
import { serviceVersionOutOfRange } from './rules/service-version-out-of-range.js';
import { statusAdded } from './rules/status-added.js';
import { statusChanged } from './rules/status-changed.js';
import { statusRemoved } from './rules/status-removed.js';
import { tombstoneTtlShortened } from './rules/tombstone-ttl-shortened.js';
import { typeChanged } from './rules/type-changed.js';
import { typeNarrowed } from './rules/type-narrowed.js';
import { typeWidened } from './rules/type-widened.js';
import { versionLowered } from './rules/version-lowered.js';
import { waitsChanged } from './rules/waits-changed.js';

/** Every rule, in the order of the documentation. */
export const compatRules: readonly CompatRule[] = [
  additionalPropertiesChanged,
  additionalPropertiesNarrowed,
  additionalPropertiesWidened,
  alternativeAdded,
  alternativeRemoved,
  bindingChanged,
  channelAdded,
  channelAddressChanged,
  channelParameterMoved,
  channelProtocolChanged,
  channelRemoved,
  channelRenamed,
  commandAdded,
  commandReceiverAdded,
  commandReceiverMoved,
  commandReceiverRemoved,
  commandRemoved,
  commandRenamed,
  commandReplyChanged,
  commandRoutingKeyChanged,
  commandSenderAdded,
  commandSenderMoved,
  commandSenderRemoved,
  commandTimingChanged,
  conflictPolicyChanged,
  constantAdded,
  constantChanged,
  constantRemoved,
  constantRenamed,
  consumerFilterChanged,
  copyAdded,
  copyFieldsChanged,
  copyRemoved,
  copyRenamed,
  correlationIdChanged,
  deadLetterWeakened,
  defaultChanged,
  deleteModeChanged,
  dependencyAdded,
  dependencyRangeTightened,
  dependencyRangeWidened,
  dependencyRemoved,
  deployOrderChanged,
  edgeAdded,
  edgeOperationsChanged,
  edgeRemoved,
  edgeTermsChanged,
  entityAdded,
  entityKeyChanged,
  entityOwnerMoved,
  entityPayloadMoved,
  entityRemoved,
  entityRenamed,
  enumClosed,
  enumOpened,
  enumValueAdded,
  enumValueRemoved,
  envelopeChanged,
  eventAdded,
  eventConsumerAdded,
  eventConsumerRemoved,
  eventDeliveryWeakened,
  eventEntityChanged,
  eventNeedsChanged,
  eventPublisherMoved,
  eventRemoved,
  eventRenamed,
  exchangeChanged,
  featureAdded,
  featureParticipantRemoved,
  featureRemoved,
  flagChanged,
  flagRemoved,
  flowPromiseWeakened,
  formatChanged,
  formatNarrowed,
  formatWidened,
  fullSyncChanged,
  headerAdded,
  headerOptional,
  headerRemoved,
  idempotencyKeyChanged,
  itemsChanged,
  itemsNarrowed,
  itemsWidened,
  jobAdded,
  jobMessagesChanged,
  jobRemoved,
  jobScheduleChanged,
  jobServiceMoved,
  lengthNarrowed,
  lengthWidened,
  messageAdded,
  messageChannelChanged,
  messageContentTypeChanged,
  messageDeprecated,
  messagePayloadUndeclared,
  messageRemoved,
  messageRenamed,
  messageReplaced,
  messageSecurityNarrowed,
  messageSecurityWidened,
  messageVersionChanged,
  messageVersionNotRaised,
  namingChanged,
  nullableAdded,
  nullableRemoved,
  operationAdded,
  operationDeprecated,
  operationMethodChanged,
  operationPathChanged,
  operationRemoved,
  operationRenamed,
  orderingKeyChanged,
  orderingStaleChanged,
  orderingVersionChanged,
  outboxDropped,
  parameterAdded,
  parameterMoved,
  parameterOptional,
  parameterRemoved,
  parameterRequired,
  parameterRequiredAdded,
  parameterSchemaAdded,
  parameterStyleChanged,
  partitionKeyChanged,
  patternChanged,
  patternNarrowed,
  patternWidened,
  payloadLimitChanged,
  policyChanged,
  propertyAdded,
  propertyRemoved,
  propertyRenamed,
  publishFilterChanged,
  queueArgumentsChanged,
  rangeChanged,
  rangeNarrowed,
  rangeWidened,
  requestBodyOptional,
  requestBodyRemoved,
  requestBodyRequired,
  requestMediaTypeRemoved,
  requiredAdded,
  requiredRemoved,
  responseBodyRemoved,
  responseMediaTypeRemoved,
  sagaAdded,
  sagaCompensationChanged,
  sagaCorrelationChanged,
  sagaInvariantChanged,
  sagaOrchestratorMoved,
  sagaRemoved,
  sagaRenamed,
  sagaStepAdded,
  sagaStepChanged,
  sagaStepDataChanged,
  sagaStepRemoved,
  sagaStepRenamed,
  sagaStepsReordered,
  sagaTimingChanged,
  sagaTriggerChanged,
  schemaIncompatible,
  schemaUnproven,
  securityLoosened,
  securitySchemeChanged,
  securityTightened,
  serviceAdded,
  serviceRemoved,
  serviceRoleChanged,
  serviceVersionOutOfRange,
  statusAdded,
  statusChanged,
  statusRemoved,
  tombstoneTtlShortened,
  typeChanged,
  typeNarrowed,
  typeWidened,
  versionLowered,
  waitsChanged,
];
