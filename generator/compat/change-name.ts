import type { Judgement } from './judgement.js';

/** The name of a judgement in `accept_breaking`: rule, subject and pointer, as reports print it. */
export function changeName({ rule, subject, pointer = '' }: Judgement): string {
  return `${rule} ${subject}${pointer}`;
}
