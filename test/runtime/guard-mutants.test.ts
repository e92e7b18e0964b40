import { describe, expect, test } from 'vitest';
import { applies, decide, type Incoming, nextStored, type Outcome, type Stored } from '../../runtime/guard.js';
import { type Guard, laws, theGuard } from './guard-laws.js';

/** Mistakes that guards are written with. A law that lets one pass is no law. */
const mutants: Readonly<Record<string, Guard>> = {
  'no guard: the last arrival wins': (_, message) => ({ outcome: 'applied', row: nextStored(undefined, message) }),
  'the first arrival wins': (stored, message) =>
    stored === undefined ? theGuard(stored, message) : { outcome: 'stale', row: stored },
  'deletes the row, keeps no tombstone': (stored, message) => hardDelete(theGuard(stored, message)),
  'deletes without looking at the version': (stored, message) =>
    message.deleted ? { outcome: 'applied', row: nextStored(stored, message) } : theGuard(stored, message),
  'ignores the deletion of something unknown': (stored, message) =>
    stored === undefined && message.deleted ? { outcome: 'stale', row: stored } : theGuard(stored, message),
  'a tombstone is for ever': (stored, message) =>
    stored?.deleted ? { outcome: 'stale', row: stored } : theGuard(stored, message),
  'a tombstone takes any version': (stored, message) => theGuard(stored?.deleted ? undefined : stored, message),
  'a tombstone forgets its version': (stored, message) => forgetDeletedVersion(theGuard(stored, message)),
  'equal applies (>= for >)': (stored, message) => theGuard(stored, { ...message, equalApplies: true }),
  'no tie-breaker: equal instants are the same': (stored, message) => theGuard(stored, withTie(message, '')),
  'ties by UTF-16 unit': (stored, message) => theGuard(stored, withTie(message, utf16Order(message.version.tie))),
  'ties the wrong way round': (stored, message) => reversedTies(stored, message),
  'the sequence alone, no epoch': (stored, message) => theGuard(stored, withEpoch(message, 0)),
  'a newer epoch must also have a greater sequence': (stored, message) =>
    stored !== undefined && message.version.sequence < stored.version.sequence
      ? { outcome: 'stale', row: stored }
      : theGuard(stored, message),
  'sequences as text': (stored, message) => asText(stored, message),
  'force goes back in time': (stored, message) =>
    message.force ? { outcome: 'reapplied', row: nextStored(stored, message) } : theGuard(stored, message),
  'force does nothing': (stored, message) => theGuard(stored, { ...message, force: false }),
  'force repairs deltas as well': (stored, message) =>
    message.force ? theGuard(stored, { ...message, carries: 'state' }) : theGuard(stored, message),
  'force hides two writers': (stored, message) =>
    message.force ? overrule(stored, message, 'conflict', 'reapplied') : theGuard(stored, message),
  'force looks at the tie-breaker': (stored, message) =>
    message.force && stored?.version.sequence === message.version.sequence && message.version.tie < stored.version.tie
      ? { outcome: 'stale', row: stored }
      : theGuard(stored, message),
  'force lowers the tie-breaker': (stored, message) => {
    const decided = theGuard(stored, message);
    return decided.row === stored ? decided : { ...decided, row: { ...message } };
  },
  'force keeps the old tie-breaker': (stored, message) => {
    const { outcome, row } = theGuard(stored, message);
    return { outcome, row: outcome === 'reapplied' && row && stored ? { ...row, version: stored.version } : row };
  },
  'two writers pass as a duplicate': (stored, message) => overrule(stored, message, 'conflict', 'duplicate'),
  'two writers: the last one wins': (stored, message) => overrule(stored, message, 'conflict', 'reapplied'),
  'a duplicate is applied again': (stored, message) => overrule(stored, message, 'duplicate', 'reapplied'),
  'a delta jumps a gap': (stored, message) => overrule(stored, message, 'gap', 'applied'),
  'a state is held at a gap': (stored, message) => {
    const decided = theGuard(stored, message);
    return decided.outcome === 'gap' ? { outcome: 'gap', row: stored } : decided;
  },
  'gaps are not seen': (stored, message) => theGuard(stored, withPrevious(message, -1n)),
  'the predecessor itself is a gap': (stored, message) =>
    theGuard(stored, withPrevious(message, (message.previousSequence ?? -2n) + 1n)),
  'an unknown entity waits for its creation': (stored, message) =>
    stored === undefined && !message.deleted ? { outcome: 'gap', row: stored } : theGuard(stored, message),
  'sequences as floating point': (stored, message) => theGuard(rounded(stored), { ...message, ...rounded(message) }),
  'a gap is a sequence that is not the next': (stored, message) =>
    theGuard(stored, withPrevious(message, message.version.sequence - 1n)),
  'no tie-breaker, and equal is a duplicate': (stored, message) =>
    theGuard(stored, { ...message, equalApplies: false }),
};

describe('each mutant of the guard is caught', () => {
  test.each(Object.entries(mutants))('%s', (_, mutant) => {
    expect(laws.some((law) => law.broken(mutant) !== undefined)).toBe(true);
  });
});

describe('each line of the decision table catches a mutant', () => {
  test.each(laws)('$name', (law) => {
    expect(Object.values(mutants).some((mutant) => law.broken(mutant) !== undefined)).toBe(true);
  });
});

type Decided = ReturnType<Guard>;

function hardDelete({ outcome, row }: Decided): Decided {
  return { outcome, row: row?.deleted ? undefined : row };
}

function forgetDeletedVersion({ outcome, row }: Decided): Decided {
  return { outcome, row: row?.deleted ? { ...row, version: { epoch: 0, sequence: 0n, tie: '' } } : row };
}

function withTie(message: Incoming, tie: string): Incoming {
  return { ...message, version: { ...message.version, tie } };
}

function withEpoch(message: Incoming, epoch: number): Incoming {
  return { ...message, version: { ...message.version, epoch } };
}

function withPrevious(message: Incoming, previousSequence: bigint): Incoming {
  return { ...message, previousSequence };
}

function rounded<T extends Stored | undefined>(stored: T): T {
  if (stored === undefined) return stored;
  const sequence = BigInt(Number(stored.version.sequence));
  return { ...stored, version: { ...stored.version, sequence } };
}

/** Spells each UTF-16 unit as one code point, so that an order by code points is the order by units. */
function utf16Order(tie: string): string {
  return [...Array(tie.length).keys()].map((index) => tie.charCodeAt(index).toString(16).padStart(4, '0')).join('');
}

function reversedTies(stored: Stored | undefined, message: Incoming): Decided {
  const sameInstant =
    stored?.version.sequence === message.version.sequence && stored.version.tie !== message.version.tie;
  if (!sameInstant || message.force) return theGuard(stored, message);
  return message.version.tie > (stored?.version.tie ?? '')
    ? { outcome: 'stale', row: stored }
    : { outcome: 'applied', row: nextStored(undefined, message) };
}

function asText(stored: Stored | undefined, message: Incoming): Decided {
  if (stored === undefined || message.version.epoch !== stored.version.epoch) return theGuard(stored, message);
  const older = String(message.version.sequence) < String(stored.version.sequence);
  return older ? { outcome: 'stale', row: stored } : theGuard(stored, message);
}

function overrule(stored: Stored | undefined, message: Incoming, from: Outcome, to: Outcome): Decided {
  const outcome = decide(stored, message);
  const ruled = outcome === from ? to : outcome;
  return { outcome: ruled, row: applies(ruled, message.carries) ? nextStored(stored, message) : stored };
}
