import type { Codebase } from './module.js';

/** One law of the house. A law that nothing can break proves nothing, so each carries samples that break it. */
export interface Law {
  /** What holds, as a sentence. */
  readonly name: string;
  /** Every place that breaks it: `path:line what is wrong; what to do`. */
  breaches(code: Codebase): readonly string[];
  /** Small codebases that break it, by what they show. */
  readonly broken: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Small codebases that come close and hold. */
  readonly kept?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
