import process from 'node:process';

/** Takes down how to undo something; undone in reverse order. */
export type Defer = (undo: () => Promise<unknown>) => void;

/**
 * Runs `work` and undoes all that it has deferred: when it ends, fails, or somebody presses Ctrl-C, after which the process ends as it would have. Rejects with the
 * error of `work`; what could not be undone is a warning of the process.
 */
export async function cleaningUp<T>(work: (defer: Defer) => Promise<T>): Promise<T> {
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
  const interrupted = (signal: NodeJS.Signals): void => {
    void undoAll().then(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    return await work((undo) => void undos.push(undo));
  } finally {
    await undoAll();
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
    // What was left behind matters only when nothing worse has happened.
    if (failures.length > 0) process.emitWarning(`something could not be undone: ${String(failures[0])}`);
  }
}
