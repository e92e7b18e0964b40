import type { Missing } from './on-timeout.js';

/**
 * A change that arrives before its predecessor waits for it as if the predecessor were another entity: under this name, which no contract can use
 * because of the `#`.
 */
export function predecessorOf(consumer: string, entity: string, id: string): Missing['dependency'] {
  return { entity: `${consumer}#${entity}`, id };
}

/** A predecessor that does not come in five minutes (half a minute when forced) is lost: a person has to look. */
export const predecessorRule: Missing['rule'] = {
  timeoutMs: 300_000,
  forceTimeoutMs: 30_000,
  onTimeout: 'dead-letter',
  optional: false,
  maxAgeMs: 604_800_000,
};
