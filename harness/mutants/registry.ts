import { callMutants } from './calls.js';
import { deliveryMutants } from './delivery.js';
import { guardMutants } from './guard.js';
import type { Mutant } from './mutant.js';
import { publishingMutants } from './publishing.js';
import { shapeMutants } from './shapes.js';
import { syncMutants } from './sync.js';
import { waitMutants } from './waits.js';

/** Every mistake that the harness has to find, by its place in the catalogue. */
export const mutants: readonly Mutant[] = [
  ...guardMutants,
  ...deliveryMutants,
  ...waitMutants,
  ...publishingMutants,
  ...syncMutants,
  ...callMutants,
  ...shapeMutants,
].sort((a, b) => a.number - b.number);
