import { AsyncLocalStorage } from 'node:async_hooks';

const atWork = new AsyncLocalStorage<number>();

/** Runs the work of a provider for one request, so that everything it does can be told from what it does for others. */
export function forRequest<T>(call: number, work: () => T): T {
  return atWork.run(call, work);
}

/** Number of the try whose request the current code works on; undefined outside any. */
export function requestAtWork(): number | undefined {
  return atWork.getStore();
}
