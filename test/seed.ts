import fc from 'fast-check';

// Random locally, so that every run looks somewhere else; the same in CI, so that a red build is about the change. SEAMWRIGHT_SEED repeats a run.
const seed = process.env.SEAMWRIGHT_SEED ?? (process.env.CI ? '20261120' : undefined);
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
