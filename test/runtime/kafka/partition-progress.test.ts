import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNote, encodeNote } from '../../../runtime/brokers/kafka/offset-note.js';
import { PartitionProgress } from '../../../runtime/brokers/kafka/partition-progress.js';
import type { StoredRecord } from '../../../runtime/brokers/kafka/record.js';

const place = { topic: 't', partition: 0 };

describe('a note beside a committed offset', () => {
  it('says which messages were handed out, and which are settled before an earlier one', () => {
    const note = {
      attempts: new Map([
        [100, 2],
        [105, 1],
      ]),
      settled: new Set([107, 108, 109, 112]),
    };
    expect(encodeNote(100, note)).toBe('1 0=2 5=1 7-9 12');
  });

  it('is read as it was written', () => {
    const offset = fc.nat(1_000_000);
    fc.assert(
      fc.property(
        offset,
        fc.dictionary(fc.nat(300).map(String), fc.integer({ min: 1, max: 99 })),
        fc.uniqueArray(fc.nat(500)),
        (base, tries, done) => {
          const attempts = new Map(Object.entries(tries).map(([at, count]) => [base + Number(at), count]));
          const settled = new Set(done.map((at) => base + at));
          const read = decodeNote(base, encodeNote(base, { attempts, settled }));
          expect([...read.attempts].sort()).toEqual([...attempts].sort());
          expect([...read.settled].sort()).toEqual([...settled].sort());
        },
      ),
    );
  });

  it('stays within what Kafka keeps, and forgets settled messages rather than hand-overs', () => {
    const attempts = new Map(Array.from({ length: 300 }, (_, index) => [900_000 + index * 3, 150]));
    const settled = new Set(Array.from({ length: 5_000 }, (_, index) => 900_001 + index * 3));
    const text = encodeNote(0, { attempts, settled });
    expect(text.length).toBeLessThanOrEqual(4_096);
    expect(decodeNote(0, text).attempts).toEqual(attempts);
  });

  it.each(['', 'somebody else’s', '2 0=1', '1 x=1 -3 4=', '1 0=1; drop'])('of somebody else is empty: %j', (text) => {
    expect([...decodeNote(0, text).settled]).toEqual([]);
    expect(decodeNote(0, text).attempts.get(3)).toBeUndefined();
  });
});

describe('progress in a partition', () => {
  it('commits up to the first message that is not settled', () => {
    const progress = filled(0, 4);
    const [a, b, c] = progress.open;
    for (const entry of [a, b, c]) if (entry) progress.handOut(entry);
    if (c) progress.settle(c);
    expect(progress.commit()).toEqual({ ...place, offset: 0, metadata: '1 0=1 1=1 2' });
    if (a) progress.settle(a);
    expect(progress.commit()).toEqual({ ...place, offset: 1, metadata: '1 0=1 1' });
    if (b) progress.settle(b);
    expect(progress.commit()).toEqual({ ...place, offset: 3, metadata: '1' });
  });

  it('counts messages that no binding takes as settled', () => {
    const progress = new PartitionProgress(place, 0, { attempts: new Map(), settled: new Set() });
    progress.add([0, 1, 2].map(record), 3, ({ offset }) => offset === 1);
    expect(progress.open.map((entry) => entry.record.offset)).toEqual([1]);
    expect(progress.commit().offset).toBe(1);
  });

  it('leaves out what an earlier consumer settled, and knows its hand-overs', () => {
    const progress = new PartitionProgress(place, 3, decodeNote(3, '1 0=2 4=1 1-2'));
    progress.add(records(3, 6), 6, () => true);
    expect(progress.open.map(({ record, handOvers }) => [record.offset, handOvers])).toEqual([[3, 2]]);
    expect(progress.commit().metadata).toBe('1 0=2 4=1 1-2');
    progress.add(records(6, 9), 9, () => true);
    expect(progress.open.map(({ record, handOvers }) => [record.offset, handOvers])).toEqual([
      [3, 2],
      [6, 0],
      [7, 1],
      [8, 0],
    ]);
  });

  it('has no news before and after they are committed', () => {
    const progress = filled(0, 1);
    const news = progress.news();
    expect(news?.offset).toBe(0);
    if (news) progress.committed(news);
    expect(progress.news()).toBeUndefined();
  });

  it('loses nothing and counts every hand-over, whenever the consumer dies', () => {
    const step = fc.record({
      kind: fc.constantFrom('fetch', 'hand out', 'settle', 'commit', 'die'),
      which: fc.nat(20),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const end = 40;
        const settled = new Set<number>();
        const handedOut = new Map<number, number>();
        let group = { offset: 0, metadata: '' };
        let progress = new PartitionProgress(place, 0, decodeNote(0, ''));
        for (const { kind, which } of steps) {
          const entry = progress.open[which % Math.max(1, progress.open.length)];
          if (kind === 'fetch') {
            const next = Math.min(end, progress.position + which);
            progress.add(records(progress.position, next), next, () => true);
          } else if (kind === 'hand out' && entry && !entry.held) {
            expect(entry.handOvers).toBe(handedOut.get(entry.record.offset) ?? 0);
            progress.handOut(entry);
            group = progress.commit();
            handedOut.set(entry.record.offset, entry.handOvers);
          } else if (kind === 'settle' && entry?.held) {
            progress.settle(entry);
            settled.add(entry.record.offset);
          } else if (kind === 'commit') {
            group = progress.commit();
          } else if (kind === 'die') {
            progress = new PartitionProgress(place, group.offset, decodeNote(group.offset, group.metadata));
          }
          for (let offset = 0; offset < group.offset; offset++) expect(settled.has(offset)).toBe(true);
        }
        progress = new PartitionProgress(place, group.offset, decodeNote(group.offset, group.metadata));
        progress.add(records(progress.position, end), end, () => true);
        const left = progress.open.map((one) => one.record.offset);
        for (let offset = 0; offset < end; offset++) expect(settled.has(offset) || left.includes(offset)).toBe(true);
      }),
    );
  });
});

function filled(from: number, to: number): PartitionProgress {
  const progress = new PartitionProgress(place, from, { attempts: new Map(), settled: new Set() });
  progress.add(records(from, to), to, () => true);
  return progress;
}

function records(from: number, to: number): readonly StoredRecord[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => record(from + index));
}

function record(offset: number): StoredRecord {
  return {
    offset,
    timestampMs: offset,
    key: null,
    message: { headers: {}, body: new Uint8Array() },
    routingKey: '',
    attempts: 0,
    dueMs: 0,
    partitionKey: null,
  };
}
