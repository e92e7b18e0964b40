/** What a group remembers of a partition beside its committed offset; all offsets are at or above that one. */
export interface OffsetNote {
  /** Hand-overs of messages that are not settled. */
  readonly attempts: ReadonlyMap<number, number>;
  /** Settled before an earlier one. */
  readonly settled: ReadonlySet<number>;
}

/** Kafka's own bound on the text beside an offset is 4096 bytes (`offset.metadata.max.bytes`). */
const lengthMax = 4_000;

/** Hand-overs that a note has room for, each with an offset of six digits and a count of three. */
export const notedMax = 300;

/**
 * A note as the text that Kafka keeps beside a committed offset: `1 0=2 5=1 7-9 12` says that the message at the offset was handed out twice, the fifth
 * after it once, and that the seventh to ninth and the twelfth are settled.
 *
 * Hand-overs come first: settled messages that find no room are merely handed out again after a crash, a forgotten hand-over would let a message that kills
 * its consumer do so for ever.
 */
export function encodeNote(offset: number, note: OffsetNote): string {
  let text = version;
  for (const [at, attempts] of note.attempts) text += ` ${at - offset}=${attempts}`;
  for (const [first, last] of ranges(note.settled)) {
    const more = first === last ? ` ${first - offset}` : ` ${first - offset}-${last - offset}`;
    if (text.length + more.length > lengthMax) break;
    text += more;
  }
  return text;
}

/** The empty note for a text that is not ours. */
export function decodeNote(offset: number, text: string): OffsetNote {
  const [head, ...words] = text.split(' ');
  const attempts = new Map<number, number>();
  const settled = new Set<number>();
  for (const word of head === version ? words : []) {
    const [, first = '', sign, second = ''] = /^(\d{1,9})(?:([=-])(\d{1,9}))?$/.exec(word) ?? [];
    if (first === '') continue;
    const from = offset + Number(first);
    if (sign === '=') attempts.set(from, Number(second));
    else for (let at = from; at <= (sign === '-' ? offset + Number(second) : from); at++) settled.add(at);
  }
  return { attempts, settled };
}

const version = '1';

function ranges(offsets: ReadonlySet<number>): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const offset of [...offsets].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === offset - 1) last[1] = offset;
    else found.push([offset, offset]);
  }
  return found;
}
