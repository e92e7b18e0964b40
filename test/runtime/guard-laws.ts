import { applies, decide, type Incoming, nextStored, type Outcome, type Stored } from '../../runtime/guard.js';
import { incoming } from '../conformance/store/messages.js';

/** A guard as a law sees it: takes a message, answers what it did and the row it leaves. */
export type Guard = (
  stored: Stored | undefined,
  message: Incoming,
) => { readonly outcome: Outcome; readonly row: Stored | undefined };

export const theGuard: Guard = (stored, message) => {
  const outcome = decide(stored, message);
  return { outcome, row: applies(outcome, message.carries) ? nextStored(stored, message) : stored };
};

/** A promise of the guard; `broken` names the first case that breaks it. */
export interface Law {
  readonly name: string;
  broken(guard: Guard): string | undefined;
}

export const laws: readonly Law[] = [
  ...table(),
  { name: 'a message that came before changes nothing', broken: repetition },
  { name: 'every order of delivery ends with the newest', broken: divergence },
];

/** Up to four messages of one entity, oldest first. Versions are sequences, or instants of which some are equal and told apart by ties. */
export function* histories(): Generator<readonly Incoming[]> {
  for (let length = 1; length <= 4; length++) {
    for (let deletions = 0; deletions < 2 ** length; deletions++) {
      for (let steps = 0; steps < 2 ** (length - 1); steps++) yield history(length, deletions, steps);
    }
  }
}

/** Bit n of `deletions` deletes at the nth message; bit n of `steps` gives the message after the nth the same instant. */
function history(length: number, deletions: number, steps: number): readonly Incoming[] {
  const messages: Incoming[] = [];
  let instant = 1;
  for (let index = 0; index < length; index++) {
    if (index > 0 && ((steps >> (index - 1)) & 1) === 0) instant += 1;
    // The greatest tie is a code point that UTF-16 puts in the middle.
    const tie = ['a', 'b', '\uff5e', '😀'][index] ?? '';
    messages.push(incoming(instant, { tie, hash: `v${index}`, deleted: ((deletions >> index) & 1) === 1 }));
  }
  return messages;
}

/** Every order in which `count` messages can arrive when each comes at least once and up to `extra` come again. */
export function* deliveries(count: number, extra: number): Generator<readonly number[]> {
  for (let length = count; length <= count + extra; length++) yield* extend([], length);

  function* extend(begun: readonly number[], length: number): Generator<readonly number[]> {
    const missing = count - new Set(begun).size;
    if (missing > length - begun.length) return;
    if (begun.length === length) yield begun;
    else for (let next = 0; next < count; next++) yield* extend([...begun, next], length);
  }
}

/** What a reader of the copy sees. */
export function visible(row: Stored | undefined): string {
  return row === undefined || row.deleted ? 'gone' : row.hash;
}

function divergence(guard: Guard): string | undefined {
  for (const messages of histories()) {
    const newest = messages.at(-1);
    for (const order of deliveries(messages.length, 2)) {
      let row: Stored | undefined;
      for (const index of order) row = guard(row, messages[index] as Incoming).row;
      if (visible(row) !== visible(newest)) return `${describe(messages)} in the order ${order} ends ${visible(row)}`;
    }
  }
  return undefined;
}

function repetition(guard: Guard): string | undefined {
  for (const messages of histories()) {
    for (const order of deliveries(messages.length, 0)) {
      let row: Stored | undefined;
      for (const index of order) row = guard(row, messages[index] as Incoming).row;
      for (const message of messages) {
        const again = guard(row, message);
        const expected = message === messages.at(-1) ? 'duplicate' : 'stale';
        if (again.outcome !== expected || again.row !== row)
          return `${describe(messages)}: ${again.outcome} for ${message.hash}`;
      }
    }
  }
  return undefined;
}

function describe(messages: readonly Incoming[]): string {
  return messages.map(({ version, deleted }) => `${deleted ? 'D' : 'U'}${version.sequence}${version.tie}`).join(' ');
}

type Case = readonly [
  name: string,
  given: readonly Incoming[],
  then: Incoming,
  outcome: Outcome,
  left: 'changed' | 'kept',
];

/** The decision table, one law per line: what was applied before, what comes, what happens. */
function table(): readonly Law[] {
  const delta = { carries: 'delta' } as const;
  const force = { force: true };
  const cases: readonly Case[] = [
    ['unknown', [], incoming(1), 'applied', 'changed'],
    ['unknown, deleted: a tombstone', [], incoming(1, { deleted: true }), 'applied', 'changed'],
    ['unknown, with a predecessor', [], incoming(5, { previousSequence: 4n }), 'gap', 'changed'],
    ['unknown, first of all', [], incoming(5, { previousSequence: 0n }), 'applied', 'changed'],
    ['unknown, with a predecessor, forced', [], incoming(5, { previousSequence: 4n, ...force }), 'applied', 'changed'],
    ['unknown, delta with a predecessor', [], incoming(5, { previousSequence: 4n, ...delta }), 'gap', 'kept'],
    ['newer', [incoming(1)], incoming(2, { previousSequence: 1n }), 'applied', 'changed'],
    ['newer, filtered messages between', [incoming(3)], incoming(9, { previousSequence: 3n }), 'applied', 'changed'],
    ['newer, one digit more', [incoming(9)], incoming(10), 'applied', 'changed'],
    ['newer by a nanosecond', [incoming(2n ** 60n)], incoming(2n ** 60n + 1n), 'applied', 'changed'],
    ['newer, gap', [incoming(1)], incoming(3, { previousSequence: 2n }), 'gap', 'changed'],
    ['newer, gap, forced', [incoming(1)], incoming(3, { previousSequence: 2n, ...force }), 'applied', 'changed'],
    ['newer, gap, delta', [incoming(1)], incoming(3, { previousSequence: 2n, ...delta }), 'gap', 'kept'],
    [
      'newer, gap, forced delta',
      [incoming(1)],
      incoming(3, { previousSequence: 2n, ...delta, ...force }),
      'gap',
      'kept',
    ],
    ['newer, delta', [incoming(1)], incoming(2, { previousSequence: 1n, ...delta }), 'applied', 'changed'],
    ['equal', [incoming(1)], incoming(1), 'duplicate', 'kept'],
    ['equal, forced', [incoming(1)], incoming(1, force), 'reapplied', 'changed'],
    ['equal, delta', [incoming(1)], incoming(1, delta), 'duplicate', 'kept'],
    ['equal, forced delta', [incoming(1)], incoming(1, { ...delta, ...force }), 'duplicate', 'kept'],
    ['equal but different', [incoming(1)], incoming(1, { hash: 'x' }), 'conflict', 'kept'],
    ['equal but different, forced', [incoming(1)], incoming(1, { hash: 'x', ...force }), 'conflict', 'kept'],
    ['equal but different, delta', [incoming(1)], incoming(1, { hash: 'x', ...delta }), 'conflict', 'kept'],
    ['equal, no tie-breaker', [incoming(1)], incoming(1, { equalApplies: true }), 'reapplied', 'changed'],
    [
      'equal but different, no tie-breaker',
      [incoming(1)],
      incoming(1, { equalApplies: true, hash: 'x' }),
      'reapplied',
      'changed',
    ],
    ['older', [incoming(2)], incoming(1), 'stale', 'kept'],
    ['older, forced', [incoming(2)], incoming(1, force), 'stale', 'kept'],
    ['older, delta', [incoming(2)], incoming(1, delta), 'stale', 'kept'],
    ['older, no tie-breaker', [incoming(2)], incoming(1, { equalApplies: true }), 'stale', 'kept'],
    ['older epoch', [incoming(1, { epoch: 1 })], incoming(9), 'stale', 'kept'],
    ['older epoch, forced', [incoming(1, { epoch: 1 })], incoming(9, force), 'stale', 'kept'],
    ['newer epoch rewinds', [incoming(9)], incoming(1, { epoch: 1 }), 'applied', 'changed'],
    ['tombstone, older', [incoming(2, { deleted: true })], incoming(1), 'stale', 'kept'],
    ['tombstone, newer', [incoming(2, { deleted: true })], incoming(3), 'applied', 'changed'],
    ['lower tie', [incoming(1, { tie: 'b' })], incoming(1, { tie: 'a' }), 'stale', 'kept'],
    [
      'lower tie, forced',
      [incoming(1, { tie: 'b' })],
      incoming(1, { tie: 'a', hash: 'x', ...force }),
      'reapplied',
      'changed',
    ],
    [
      'forced lower tie keeps the greater',
      [incoming(1, { tie: 'c' }), incoming(1, { tie: 'a', ...force })],
      incoming(1, { tie: 'b' }),
      'stale',
      'kept',
    ],
    [
      'forced greater tie raises it',
      [incoming(1, { tie: 'a' }), incoming(1, { tie: 'c', ...force })],
      incoming(1, { tie: 'b' }),
      'stale',
      'kept',
    ],
  ];
  return cases.map(([name, given, message, outcome, left]) => ({
    name,
    broken(guard) {
      let before: Stored | undefined;
      for (const earlier of given) before = guard(before, earlier).row;
      const { outcome: actual, row } = guard(before, message);
      if (actual !== outcome) return `${actual}, not ${outcome}`;
      if (left === 'kept') return row === before ? undefined : 'the row changed';
      return row?.hash === message.hash && row.deleted === message.deleted ? undefined : 'the row did not change';
    },
  }));
}
