import { AsyncLocalStorage } from 'node:async_hooks';
import { outOfScope } from './scope.js';

/** Work that is done when somebody asks for it, never twice at the same time. */
export interface Background {
  /** Asks for a run; asked during a run, another one follows. */
  wake(): void;
  /** Resolves when no run is under way or asked for. */
  idle(): Promise<void>;
  /** No further run starts; resolves when the present one has ended. */
  stop(): Promise<void>;
}

/** Runs `work` on demand. A rejection goes to `failed`: nobody awaits a background run. */
export function background(work: () => Promise<void>, failed: (error: unknown) => void): Background {
  // Where it was made, not where somebody happened to wake it: what an application keeps for a request must not seem to belong to work for others.
  const outside = AsyncLocalStorage.snapshot();
  let asked = false;
  let stopped = false;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (asked && !stopped) {
      asked = false;
      await work().catch(failed);
    }
    running = undefined;
  }

  return {
    wake() {
      if (stopped) return;
      asked = true;
      running ??= outside(() => outOfScope(() => Promise.resolve().then(run)));
    },
    async idle() {
      while (running !== undefined) await running;
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}
