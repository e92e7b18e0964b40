import type { Scenario } from '../scenarios/scenario.js';
import { understanding } from './understanding.js';

export type MixedScenario = 'mixed-versions' | 'rollback-order' | 'old-version-message';

/** The ways in which two revisions of a system meet: what `--mixed-with` plays. */
export const mixedScenarios: readonly (Pick<Scenario, 'title' | 'after'> & { readonly id: MixedScenario })[] = [
  {
    id: 'mixed-versions',
    title: 'One end of an edge runs an older revision: messages and calls go both ways.',
    after: [understanding.id, 'converged'],
  },
  {
    id: 'rollback-order',
    title: 'A revision is taken back while messages of the new one lie in queues, stores and dead letters.',
    after: [understanding.id, 'nothing-lost', 'converged'],
  },
  {
    id: 'old-version-message',
    title: 'A revision is deployed while messages of the old one lie in queues.',
    after: [understanding.id, 'nothing-lost', 'converged'],
  },
];
