import type { Store } from '../../../runtime/stores/store.js';

/** Answers an empty store with the tables of `messages.ts` prepared. */
export type OpenStore = () => Promise<Store>;

/** Where a case goes: to the test runner, or to the list that the mutants must not survive. */
export type Register = (name: string, run: () => Promise<void>) => void;
