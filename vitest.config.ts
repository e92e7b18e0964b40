import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Our own package is imported by its published name ("seamwright/runtime"); this condition resolves it to source.
const conditions = ['seamwright-source'];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } };

export default defineConfig({
  test: {
    // Many tests wait for servers and processes of their own: on two cores, one worker would leave one of them idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          // Expected files of cases are files, whatever their names.
          exclude: ['test/integration/**', 'test/conformance/**', 'test/faults/**', 'test/cases/**'],
          setupFiles: ['test/seed.ts'],
          isolate: false,
          testTimeout: 20_000,
        },
      },
      {
        ...shared,
        test: {
          // One suite per broker and per store, on real servers where they are at hand.
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          setupFiles: ['test/seed.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          // Private servers that are killed and cut off. They mostly wait, so they may run beside others.
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          setupFiles: ['test/seed.ts'],
          pool: 'forks',
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          setupFiles: ['test/seed.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
