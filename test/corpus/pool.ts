import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { CorpusDocument } from './documents.js';
import type { Attempt } from './generate.js';

const DOCUMENT_MS_MAX = 120_000;

export interface Job {
  readonly document: CorpusDocument;
  readonly dir: string;
}

/** Runs every job in one of `workers` processes; a process that hangs or dies is replaced and only its document fails. */
export async function attemptAll(
  jobs: readonly Job[],
  workers: number,
  done: (job: Job, attempt: Attempt) => void,
): Promise<void> {
  const waiting = [...jobs];
  const work = async (): Promise<void> => {
    let worker: ChildProcess | undefined;
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      worker ??= fork(join(import.meta.dirname, 'worker.ts'), {
        execArgv: process.execArgv,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const attempt = await ask(worker, job);
      if (attempt.lost) worker = undefined;
      done(job, attempt.result);
    }
    worker?.disconnect();
  };
  await Promise.all(Array.from({ length: workers }, work));
}

function ask(worker: ChildProcess, job: Job): Promise<{ readonly result: Attempt; readonly lost: boolean }> {
  return new Promise((resolve) => {
    const finish = (result: Attempt, lost: boolean): void => {
      clearTimeout(timer);
      worker.off('message', answered);
      worker.off('exit', died);
      resolve({ result, lost });
    };
    const answered = (result: unknown): void => finish(result as Attempt, false);
    const died = (code: number | null, signal: string | null): void =>
      finish({ files: 0, durationMs: 0, crashed: `the process ended with ${signal ?? code}` }, true);
    const timer = setTimeout(() => {
      worker.off('exit', died);
      worker.kill('SIGKILL');
      finish({ files: 0, durationMs: DOCUMENT_MS_MAX, crashed: `no result within ${DOCUMENT_MS_MAX / 1000} s` }, true);
    }, DOCUMENT_MS_MAX);
    worker.once('message', answered);
    worker.once('exit', died);
    worker.send(job);
  });
}
