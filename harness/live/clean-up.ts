import process from 'node:process';

/** Takes down how to undo something; undone in reverse order. */
export type Defer = (undo: () => Promise<unknown>) => void;

/** What is to be undone by all that is under way in this process. */
const underWay = new Set<() => Promise<void>>();
let isInterrupted = false;

/**
 * Runs `work` and undoes all that it has deferred: when it ends, fails, or somebody presses Ctrl-C, after which the process ends as it would have, once everything
 * that is under way at the same time is undone, too. Rejects with the error of `work`; what could not be undone is a warning of the process.
 */
export async function cleaningUp<T>(work: (defer: Defer) => Promise<T>): Promise<T> {
  // The process is about to end: what is begun now would be left behind.
  if (isInterrupted) return new Promise(() => {});
  const undos: (() => Promise<unknown>)[] = [];
  const failures: unknown[] = [];
  let undoing: Promise<void> | undefined;
  const undoAll = (): Promise<void> => {
    undoing ??= (async () => {
      for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
        try {
          await undo();
        } catch (error) {
          failures.push(error);
        }
      }
    })();
    return undoing;
  };
  if (underWay.size === 0) {
    process.on('SIGINT', interrupted);
    process.on('SIGTERM', interrupted);
  }
  underWay.add(undoAll);
  try {
    return await work((undo) => void undos.push(undo));
  } finally {
    await undoAll();
    underWay.delete(undoAll);
    if (underWay.size === 0) {
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
    }
    // What was left behind matters only when nothing worse has happened.
    if (failures.length > 0) process.emitWarning(`something could not be undone: ${String(failures[0])}`);
  }
}

function interrupted(signal: NodeJS.Signals): void {
  isInterrupted = true;
  void Promise.all([...underWay].map((undo) => undo())).then(() => process.exit(signal === 'SIGINT' ? 130 : 143));
}
