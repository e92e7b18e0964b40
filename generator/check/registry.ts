import type { Rule } from './rule.js';
import { dependencyCycle } from './rules/dependency-cycle.js';
import { entitySingleOwner } from './rules/entity-single-owner.js';
import { entityUndeclared } from './rules/entity-undeclared.js';
import { messageUndeclared } from './rules/message-undeclared.js';
import { nearDuplicateMessageName } from './rules/near-duplicate-message-name.js';
import { referenceWithoutWait } from './rules/reference-without-wait.js';
import { syncFieldUnknown } from './rules/sync-field-unknown.js';
import { waitCycle } from './rules/wait-cycle.js';
import { waitTimeoutSkip } from './rules/wait-timeout-skip.js';
import { waitUnknown } from './rules/wait-unknown.js';

/** Every rule, in the order of the documentation. */
export const rules: readonly Rule[] = [
  dependencyCycle,
  entitySingleOwner,
  entityUndeclared,
  messageUndeclared,
  nearDuplicateMessageName,
  referenceWithoutWait,
  syncFieldUnknown,
  waitCycle,
  waitTimeoutSkip,
  waitUnknown,
];
