import type { PlannedFault } from '../plan.js';
import type { Hooks } from '../world/hooks.js';

/**
 * One kind of trouble: a file, a line in `registry.ts`, a section in the page of faults. It says itself when it has struck, so that a run in which nothing
 * happened is seen to be one.
 *
 * Members are written as methods on purpose, so that a fault that knows its own fields fits where any fault is asked for.
 */
export interface Fault<Planned extends PlannedFault = PlannedFault> {
  /** Kebab case, stable: plans that are kept refer to it. */
  readonly id: Planned['fault'];
  /** What it does, in one sentence. */
  readonly title: string;
  /** The mistake in a plan, or undefined when it can be carried out. */
  refuse(planned: PlannedFault): string | undefined;
  /** As a person says it: `delay of m2 to surveys by 30 ms`. */
  words(planned: Planned): string;
  /** Sets the trouble up; it strikes when the world comes to its place. */
  install(planned: Planned, hooks: Hooks): void;
  /** Smaller troubles of the same kind, smallest first, for shrinking. Default: none. */
  simpler?(planned: Planned): readonly Planned[];
}
