import type { Logger } from '../log.js';
import type { RetryPolicy } from '../retry-policy.js';

/** Work that a service does at certain times, once per time over all its instances. */
export interface JobDefinition {
  /** `<service>.<job>`: its name in metrics, logs and the store. */
  readonly name: string;
  /** Property of `options.jobs` and `service.jobs`, such as `monthlyInvoices`. */
  readonly property: string;
  /** Cron expression: five fields, or six with seconds first. */
  readonly schedule: string;
  /** IANA name, such as `Asia/Kolkata`. */
  readonly timezone: string;
  /** Total tries of one occurrence over all instances; 1 = a run that fails or dies is not repeated. */
  readonly attemptsMax: number;
  readonly retry: RetryPolicy;
  /** What happens to occurrences that passed while nobody ran: nothing, the last one, or each. */
  readonly catchUp: 'none' | 'last' | 'all';
  /** The work is a list of items, each done once per occurrence. */
  readonly forEach: boolean;
}

/** One try of one occurrence. */
export interface JobContext {
  /** Instant that the schedule named, or of the run by hand; RFC 3339. The same in every try and on every instance. */
  readonly occurrence: string;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly log: Logger;
  /** Aborted when the service stops or the run was taken over by another instance. */
  readonly signal: AbortSignal;
}

/** A job without items. What it does through `tx` commits once with the fact that it ran. */
export type JobHandler<Tx> = (context: JobContext & { readonly tx: Tx }) => Promise<void>;

/** A job over items. */
export interface ItemJobHandler<Item, Tx> {
  /** What to go through; may be asked again in a further try. */
  items(context: JobContext): AsyncIterable<Item> | Iterable<Item> | Promise<Iterable<Item>>;
  /** Tells items apart within one occurrence; stable over tries. */
  key(item: Item): string;
  /** One item, in a transaction of its own. A rejection counts the item as failed; the others go on. */
  each(context: JobContext & { readonly item: Item; readonly tx: Tx }): Promise<void>;
}

/** What came of an occurrence. */
export interface JobReport {
  readonly occurrence: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly attempt: number;
  /** Items done and failed; for a job without items 1 and 0, or 0 and 1. */
  readonly succeeded: number;
  readonly failed: number;
}

/** A job of a service, to look at it and to start it by hand. */
export interface JobControl {
  /**
   * Runs one occurrence now, the present instant by default, and resolves when it has ended, on whatever instance. One that is done is only reported; one that
   * has failed is run again, for the items that failed.
   */
  run(options?: { readonly occurrence?: string }): Promise<JobReport>;
  /** What came of an occurrence, on any instance; undefined when it never ran, or ended more than 30 days ago. */
  report(occurrence: string): Promise<JobReport | undefined>;
  /** The latest occurrence on any instance; undefined when it never ran. */
  last(): Promise<JobReport | undefined>;
}
