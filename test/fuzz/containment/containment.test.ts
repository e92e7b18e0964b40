import { describe, expect, it } from 'vitest';
import { contains } from '../../../generator/schema/contains.js';
import { type Counts, type Fault, judge, noCounts, randomGroup } from './group.js';
import { smallest } from './smallest.js';

// Pairs of random schemas, most of them edits of one another. SEAMWRIGHT_FUZZ_PAIRS says how many, SEAMWRIGHT_SEED where to begin.
const total = Number(process.env.SEAMWRIGHT_FUZZ_PAIRS ?? 20_000);
const seed = Number(process.env.SEAMWRIGHT_SEED ?? 20261120);
const FAULTS_MAX = 10;

describe('contains, over random pairs of schemas', () => {
  const counts = noCounts();
  const faults: Fault[] = [];

  it(`is contradicted by no value, no chain and no rewriting in ${total} pairs`, {
    timeout: 20_000 + total * 20,
  }, () => {
    for (let index = 0; counts.pairs < total && faults.length < FAULTS_MAX; index++)
      faults.push(...judge(randomGroup(seed * 1_000 + index), counts));
    process.stdout.write(`${told(counts)}\n`);
    expect(faults.map(smallest)).toEqual([]);
  });

  it('answers often enough for that to mean something', () => {
    expect(counts.compatible).toBeGreaterThan(total * 0.3);
    expect(counts.incompatible).toBeGreaterThan(total * 0.2);
    expect(counts.unknown).toBeLessThan(total * 0.01);
    expect(counts.chains).toBeGreaterThan(total * 0.5);
    // Two proofs in a row nearly always give a third.
    expect(counts.chainsProven).toBeGreaterThan(counts.chains * 0.99);
    // Nearly all rewritings are equal once they are read; the rest is proven.
    expect(counts.rewritesSilent).toBeGreaterThan(counts.rewrites * 0.9);
  });
});

it('names the place in the schema that was asked about, not in one of the same meaning', () => {
  const writer = { schema: { type: 'number' } };
  const where = (schema: unknown) => {
    const verdict = contains({ schema }, writer);
    return verdict.verdict === 'incompatible' ? verdict.where.schema : verdict.verdict;
  };
  expect(where({ type: 'null' })).toBe('/type');
  expect(where({ allOf: [{ type: 'null' }] })).toBe('/allOf/0/type');
});

function told({ why, ...counts }: Counts): string {
  const share = (count: number, of: number) => `${((100 * count) / of).toFixed(2)}%`;
  const { pairs, compatible, incompatible, unknown, chains, chainsProven, rewrites, rewritesSilent } = counts;
  return [
    `${pairs} pairs: ${share(compatible, pairs)} compatible, ${share(incompatible, pairs)} incompatible, ${share(unknown, pairs)} unknown;`,
    `${chains} chains, ${share(chainsProven, chains)} proven end to end; ${rewrites} rewritings, ${share(rewritesSilent, rewrites)} silent`,
    ...[...why].map(([reason, count]) => `  ${count} x ${reason}`),
  ].join('\n');
}
