import process from 'node:process';
import { stayAwake } from './clock.js';

/** Anything that starts and stops, such as a generated service or its HTTP server. */
export interface Runnable {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts in order, and stops in reverse order at SIGTERM or SIGINT: nothing new is taken, what is in flight is finished. Resolves once everything has stopped.
 * Rejects with the first failure to start; what had started by then is stopped again.
 */
export async function run(...runnables: readonly Runnable[]): Promise<void> {
  const started: Runnable[] = [];
  const stopAll = async (): Promise<void> => {
    for (const runnable of started.splice(0).reverse()) await runnable.stop();
  };
  const stopping = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  const sleep = stayAwake();
  try {
    for (const runnable of runnables) {
      started.push(runnable);
      await runnable.start();
    }
    await stopping;
  } finally {
    await stopAll();
    sleep();
  }
}
