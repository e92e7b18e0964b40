import type { CodePoints } from './code-points.js';

/** A regular expression as far as it is regular: what it matches, not what it captures or prefers. */
export type Expression =
  | { readonly kind: 'chars'; readonly set: CodePoints }
  /** All parts one after the other; none: the empty text. */
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly branches: readonly Expression[] }
  /** `max` may be Infinity. `lazy` changes only in which order an engine tries. */
  | {
      readonly kind: 'repeat';
      readonly body: Expression;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly kind: 'lookahead'; readonly body: Expression; readonly negated: boolean }
  | { readonly kind: 'boundary'; readonly negated: boolean }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' };
