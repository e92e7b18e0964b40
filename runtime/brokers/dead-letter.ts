/** Headers that a message gains on its way to the dead letters, whoever sends it there. The message's own headers stay as they are. */
export const deadLetterHeaders = {
  /** Why: `delivery-limit` from a broker, else the consumer's word. */
  reason: 'sw-reason',
  /** Queue in which it failed; a replay goes back there, not to the exchange. */
  queue: 'sw-queue',
  /** Hand-overs of the message in that queue, decimal. */
  attempts: 'sw-attempts',
} as const;

/** Reason given by the broker when no consumer ever settled the message. */
export const deliveryLimit = 'delivery-limit';
