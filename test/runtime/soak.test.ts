import { describe, expect, it } from 'vitest';
import { soak } from './soak/soak.js';
import { mutants } from './world/mutants.js';

/** Others, and more of them, by `SOAK_FIRST` and `SOAK_RUNS`. */
const first = Number(process.env.SOAK_FIRST ?? 1);
const runs = Number(process.env.SOAK_RUNS ?? 5);

describe('a random history under random faults, once everything is well again, has one end', () => {
  it.each(Array.from({ length: runs }, (_, index) => first + index))('seed %i', (seed) => soak(seed), 20_000);
});

describe('the soak finds a runtime that', () => {
  const named = ['has no guard', 'claims no message', 'drops what has to wait'];
  it.each(mutants.filter(({ name }) => named.includes(name)))(
    '$name',
    async ({ around }) => {
      const findings: string[] = [];
      for (let seed = 1; seed <= 4 && findings.length === 0; seed++) {
        await soak(seed, around.store).catch((error: Error) => findings.push(error.message));
      }
      expect(findings[0]).toMatch(/^seed \d+: /);
    },
    20_000,
  );
});
