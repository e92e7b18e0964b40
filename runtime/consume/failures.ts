/** What is known of a message that a consumer failed on. */
export interface Failure {
  readonly firstError: string;
  readonly lastError: string;
  /** What was thrown last. */
  readonly error: unknown;
  /** Milliseconds since the epoch, by the runtime's clock. */
  readonly firstFailedAt: number;
}

/** Remembers first errors between deliveries, for the dead letter. Lost with the process: the dead letter then tells the first one since. */
export interface Failures {
  note(consumer: string, messageId: string, error: unknown, nowMs: number): void;
  known(consumer: string, messageId: string): Failure | undefined;
  /** Answers what is known, and forgets it. */
  take(consumer: string, messageId: string): Failure | undefined;
}

/** Keeps at most `max` messages, the most recent ones. */
export function rememberFailures(max = 10_000): Failures {
  const known = new Map<string, Failure>();
  return {
    note(consumer, messageId, error, nowMs) {
      const key = JSON.stringify([consumer, messageId]);
      const before = known.get(key);
      const lastError = errorText(error);
      known.delete(key);
      known.set(key, {
        firstError: before?.firstError ?? lastError,
        lastError,
        error,
        firstFailedAt: before?.firstFailedAt ?? nowMs,
      });
      const [oldest] = known.keys();
      if (known.size > max && oldest !== undefined) known.delete(oldest);
    },
    known: (consumer, messageId) => (known.size === 0 ? undefined : known.get(JSON.stringify([consumer, messageId]))),
    take(consumer, messageId) {
      // Of every message that goes well, too.
      if (known.size === 0) return undefined;
      const key = JSON.stringify([consumer, messageId]);
      const failure = known.get(key);
      known.delete(key);
      return failure;
    },
  };
}

/** `Class: message` of anything thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
