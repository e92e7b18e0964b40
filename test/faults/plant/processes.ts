import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import type { Action } from './member.js';
import type { Answer, Request, WorkerOptions } from './worker.js';

/** How a process ended. */
export interface End {
  readonly signal: string | null;
  /** The step at which it killed itself; undefined when somebody else did, or it ended in peace. */
  readonly step?: string;
  /** What it said when it ended by itself and not in peace. */
  readonly accident?: string;
}

/** A service of the plant in a process of its own. */
export interface Worker {
  /** False when it died before it had started. */
  readonly ready: Promise<boolean>;
  readonly gone: Promise<End>;
  /** Does the actions one after the other; false when it died meanwhile, and nobody knows how far it came. One call at a time. */
  perform(actions: readonly Action[], clockOffsetMs?: number): Promise<boolean>;
  kill(): void;
  /** Lets messages in work finish. Rejects when it could not. */
  stop(): Promise<void>;
}

export interface Workers {
  start(options: WorkerOptions): Worker;
  /** Kills all that are left, and removes the program. */
  dispose(): Promise<void>;
}

/** Bundles the program once: it then starts in a quarter of a second instead of seconds. */
export async function bundledWorkers(): Promise<Workers> {
  const folder = mkdtempSync(join(tmpdir(), 'seamwright-worker-'));
  const program = join(folder, 'worker.mjs');
  const root = new URL('../../..', import.meta.url).pathname;
  await build({
    entryPoints: [join(root, 'test/faults/plant/worker.ts')],
    outfile: program,
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'silent' },
    conditions: ['seamwright-source'],
    packages: 'external',
  });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const alive = new Set<Worker>();
  return {
    start(options) {
      const worker = startWorker(program, options);
      alive.add(worker);
      void worker.gone.then(() => alive.delete(worker));
      return worker;
    },
    async dispose() {
      const left = [...alive];
      for (const worker of left) worker.kill();
      await Promise.all(left.map((worker) => worker.gone));
      rmSync(folder, { recursive: true });
    },
  };
}

function startWorker(program: string, options: WorkerOptions): Worker {
  const child = fork(program, [], {
    execArgv: [],
    env: { ...process.env, SEAMWRIGHT_TEST_WORKER: JSON.stringify(options) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const [last, said] = [textOf(child.stdout), textOf(child.stderr)];
  let ended: End | undefined;
  const gone = new Promise<End>((resolve) => {
    // Not 'exit': the last step is read from the pipe, which may come to its end later.
    child.once('close', (code, signal) => {
      const accident = signal === null && code !== 0 ? `${options.service} ended with ${code}: ${said()}` : undefined;
      const step = last();
      ended = { signal, ...(step !== '' && { step }), ...(accident !== undefined && { accident }) };
      resolve(ended);
    });
  });
  const ready = nextAnswer(child, gone).then((answer) => answer === 'ready');

  return {
    ready,
    gone,
    async perform(actions, clockOffsetMs) {
      if (!(await ready) || !child.connected) return false;
      const answered = nextAnswer(child, gone);
      const request: Request = { actions, ...(clockOffsetMs !== undefined && { clockOffsetMs }) };
      child.send(request, () => {});
      const answer = await answered;
      if (typeof answer === 'object')
        throw new Error(`${options.service} could not do as it was told: ${answer.failed}`);
      return answer === 'done';
    },
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      if (ended === undefined) child.kill('SIGTERM');
      const { accident } = await gone;
      if (accident !== undefined) throw new Error(accident);
    },
  };
}

/** Undefined when the process is gone first. */
function nextAnswer(child: ChildProcess, gone: Promise<End>): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    child.once('message', (answer) => resolve(answer as Answer));
    void gone.then(() => resolve(undefined));
  });
}

function textOf(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-4_000);
  });
  return () => text;
}
