import { listed, spoken } from './wording.js';

/** Why services stand in a tier: on which side of which changes, and who stands on the other. */
export interface Reason {
  readonly kind: 'reader-first' | 'writer-first';
  readonly side: 'first' | 'second';
  /** Of a change that no order makes safe: in which of its two releases. */
  readonly phase?: 'expand' | 'contract';
  /** `range`: who needs a version, and the version. `form`: who writes a form, and who reads it. */
  readonly about: 'form' | 'range';
  readonly subjects: readonly string[];
  readonly breaksStored: boolean;
  readonly here: readonly string[];
  readonly there: readonly string[];
}

/** What the services of a tier do, and why now; a sentence in the imperative. */
export function whyHere({ kind, side, phase, about, subjects, breaksStored, there }: Reason): string {
  const what = listed(subjects.map(spoken));
  const them = listed(there);
  if (about === 'range')
    return side === 'first'
      ? `The version that ${them} will need.`
      : `Needs a version of ${them} that is there by now.`;
  if (phase === 'expand') return side === 'first' ? `Take both forms of ${what}.` : `Write both forms of ${what}.`;
  if (phase === 'contract')
    return side === 'first'
      ? `Write the new form of ${what} only.`
      : `Drop the old form of ${what}, once it is drained from outboxes, queues and dead letters.`;
  if (kind === 'reader-first')
    return side === 'first'
      ? `Read the new form of ${what} before it is written by ${them}.`
      : `Write the new form of ${what}, which is read by ${them} by now.`;
  if (side === 'first') return `Write the new form of ${what} before it is insisted on by ${them}.`;
  const drain = breaksStored ? ' Drain the old form from outboxes, queues and dead letters first.' : '';
  return `Insist on the new form of ${what}, which is written by ${them} by now.${drain}`;
}

/** What cannot be taken back once the tier has shipped. */
export function lostBy({ kind, side, phase, about, subjects, there }: Reason): readonly string[] {
  const what = listed(subjects.map(spoken));
  const them = listed(there);
  if (about === 'range')
    return side === 'first'
      ? []
      : [`From here on do not roll back ${them}: its older version is not admitted any more.`];
  if (phase === 'contract' && side === 'first')
    return [`From here on the old form of ${what} is not written any more: who goes back to it gets nothing.`];
  if (phase !== undefined || side === 'first') return [];
  return kind === 'reader-first'
    ? [`From here on do not roll back ${them}: the new form of ${what} is on its way and would be refused.`]
    : [`From here on do not roll back ${them}: the old form of ${what} would be refused.`];
}

/** What has to be done before the services of a tier go back. */
export function whyBack({ kind, side, about, subjects, there }: Reason): readonly string[] {
  if (side === 'second') return [];
  const what = listed(subjects.map(spoken));
  const them = listed(there);
  if (about === 'range') return [`Only after ${them}, for which the older version is none.`];
  return kind === 'reader-first'
    ? [`Only after ${them}, and after the new form of ${what} is drained from outboxes, queues and dead letters.`]
    : [`Only after ${them}, so that the old form of ${what} is taken again.`];
}
