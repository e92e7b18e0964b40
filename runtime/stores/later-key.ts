const prefix = '@later:';

/** Outbox key of a message that is meant to leave later and holds back no other one. */
export function laterKey(id: string): string {
  return prefix + id;
}

/** Whether a message waits because it is meant to, not because something holds it up. */
export function isLater(key: string): boolean {
  return key.startsWith(prefix);
}

/** The same for a SQL store, as a condition on the column `key`. */
export const laterCondition = `key like '${prefix}%'`;
