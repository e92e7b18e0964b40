import type { RandomStream } from '../../generator/schema/random.js';
import type { Plan } from '../plan.js';
import type { Subject } from '../subject.js';

/** One way in which things go wrong, and the promises that must hold all the same: a file, a line in `registry.ts`, a section in the page of scenarios. */
export interface Scenario {
  /** Kebab case, as in the catalogue; `verify.scenarios` of a feature refers to it. */
  readonly id: string;
  readonly title: string;
  /** Invariants that this scenario is after. All registered ones are checked in every run. */
  readonly after: readonly string[];
  /** What of the service it can be played on; empty: the contract gives no occasion, and the scenario is skipped for the reason given. */
  targets(subject: Subject): readonly Target[] | { readonly none: string };
  /** It enumerates all of its plans: the usual number of schedules is no bound, and chance has no part. */
  readonly enumerates?: true;
  /** The plan number `index` for a target: 0 is the simplest one; the same arguments give the same plan. Undefined: there are no more. */
  plan(target: Target, draw: Draw): PlanDraft | undefined;
}

/** An edge of the service under test, such as a copy that it keeps or a handler that it has. */
export interface Target {
  /** `copy:Employee`, `effect:onHired`, `owned:Employee`, `client:accounts.getUser`. */
  readonly id: string;
  readonly name: string;
}

export interface Draw {
  readonly subject: Subject;
  readonly index: number;
  readonly random: RandomStream;
  /** Asked for every case up to three messages instead of two; only scenarios that enumerate look at it. */
  readonly exhaustive: boolean;
}

/** A plan without what is the same for all plans of a search. */
export type PlanDraft = Pick<Plan, 'steps' | 'faults'> & Partial<Pick<Plan, 'jitter' | 'restMs' | 'followers'>>;
