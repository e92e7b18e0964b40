import type { Plan } from './plan.js';

/** What `verify` reports; plain JSON. Fields may be added, none is renamed. */
export interface VerifyResult {
  readonly services: readonly ServiceResult[];
  readonly summary: { readonly passed: number; readonly failed: number; readonly skipped: number };
}

export type Level = 'pact' | 'sim' | 'sql' | 'live';

export interface ServiceResult {
  readonly system: string;
  readonly service: string;
  readonly level: Level;
  readonly scenarios: readonly ScenarioResult[];
  /** How often each fault has struck what the service does, by fault and target; 0 is what no scenario has exercised. */
  readonly coverage?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly tookMs: number;
  /** How many of the usual mistakes would have been found, had the service made them; only where it was asked for. */
  readonly score?: Score;
}

/** Mistakes that were built into a service, how many of them broke a promise, and the names of those that did not. */
export interface Score {
  readonly mutants: number;
  readonly caught: number;
  readonly missed: readonly string[];
}

export interface ScenarioResult {
  readonly scenario: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, or in one sentence what broke. */
  readonly reason?: string;
  readonly seed: number;
  /** Schedules, or interactions, that were played. */
  readonly schedules: number;
  readonly messages?: number;
  /** Promises that were checked. */
  readonly invariants: readonly string[];
  /** Command that plays the failing plan again. */
  readonly replay?: string;
  readonly failure?: FailureReport;
  /** What is not as a Pact file says; at the level `pact` only. */
  readonly mismatches?: readonly Mismatch[];
  /** What it was played on, and how often. */
  readonly targets?: readonly { readonly id: string; readonly name: string; readonly schedules: number }[];
  /** One of the runs that held, for looking at; only for reports that show it. */
  readonly sample?: {
    readonly words: readonly string[];
    readonly timeline: readonly TimelineLine[];
    readonly plan: Plan;
  };
}

/** One thing that is not as a Pact file says. */
export interface Mismatch {
  /** `<consumer> -> <provider>: <description>`. */
  readonly interaction: string;
  /** Where in the message, the request or the answer; empty when it is about the whole. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
  readonly sentence: string;
}

/** A broken promise with the smallest plan that breaks it. */
export interface FailureReport {
  readonly invariant: string;
  readonly sentence: string;
  readonly promise: string;
  readonly service: string;
  /** `file:line:column` of the contract that made the promise. */
  readonly contract?: string;
  readonly target: string;
  /** The how manieth schedule of how many. */
  readonly schedule: number;
  readonly schedules: number;
  readonly plan: Plan;
  /** Steps and faults of the plan as sentences. */
  readonly words: readonly string[];
  readonly timeline: readonly TimelineLine[];
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly shrunk: {
    readonly from: { readonly steps: number; readonly faults: number };
    readonly to: { readonly steps: number; readonly faults: number };
    readonly tries: number;
  };
  /** File that the plan was written to, relative to the project. */
  readonly file?: string;
}

/** One thing that happened, for a person to read. */
export interface TimelineLine {
  /** Virtual ms after the start. */
  readonly ms: number;
  readonly service: string;
  readonly step?: string;
  readonly kind: string;
  readonly what: string;
  /** Row of a copy before and after, `v2 live` or `none`. */
  readonly row?: string;
  /** The promise broke here. */
  readonly broken?: true;
  /** Where a message goes to or comes from, for drawing. */
  readonly message?: { readonly id: string; readonly type: string; readonly to?: string };
}

export function summaryOf(services: readonly ServiceResult[]): VerifyResult['summary'] {
  const count = (status: ScenarioResult['status']): number =>
    services.reduce((sum, { scenarios }) => sum + scenarios.filter((one) => one.status === status).length, 0);
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}
