import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** One remark of the AsyncAPI parser. Lines and columns count from 1; `path` is the file it is about, absolute. */
export interface Remark {
  readonly code: string;
  readonly message: string;
  /** 0 error, 1 warning, 2 information, 3 hint. */
  readonly severity: number;
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** What the parser says about one document; `failed` when it gave up, which says nothing about the document. */
export type Verdict = { readonly remarks: readonly Remark[] } | { readonly failed: string };

const require = createRequire(import.meta.url);

/** Version of the parser, a part of the key under which verdicts are kept. */
export function parserVersion(): string {
  return (require('@asyncapi/parser/package.json') as { readonly version: string }).version;
}

/**
 * Lets the AsyncAPI parser judge a document; `alone` means that it refers to no other file. Never rejects.
 *
 * Importing the parser and judging one document take about half a second of pure computing, so it runs in a thread of its own beside the rest of
 * the work. The thread is shared by all documents and does not keep the process alive while it is idle.
 */
export function judge(text: string, path: string, alone: boolean): Promise<Verdict> {
  thread ??= start();
  return thread.ask(text, path, alone);
}

interface Thread {
  ask(text: string, path: string, alone: boolean): Promise<Verdict>;
}

let thread: Thread | undefined;

function start(): Thread {
  const worker = new Worker(PROGRAM, {
    eval: true,
    workerData: { parser: require.resolve('@asyncapi/parser') },
    // Loaders of the main thread (a TypeScript runner) would only slow this one down.
    execArgv: [],
  });
  const waiting = new Map<number, (verdict: Verdict) => void>();
  let last = 0;
  const settle = (id: number, verdict: Verdict) => {
    waiting.get(id)?.(verdict);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
  };
  worker.on('message', ({ id, verdict }: { id: number; verdict: Verdict }) => settle(id, verdict));
  worker.on('error', (error) => {
    thread = undefined;
    for (const id of [...waiting.keys()]) settle(id, { failed: error.message });
  });
  worker.unref();
  return {
    ask: (text, path, alone) =>
      new Promise((resolve) => {
        last += 1;
        waiting.set(last, resolve);
        worker.ref();
        worker.postMessage({ id: last, text, path, alone });
      }),
  };
}

/** Plain text, because a thread can load neither TypeScript nor a file that the build does not know. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { Parser } = require(workerData.parser);
const parser = new Parser();
async function judge(text, path, alone) {
  try {
    // A parser never reads a referenced file again, even when it has changed since.
    const diagnostics = await (alone ? parser : new Parser()).validate(text, { source: path });
    return {
      remarks: diagnostics.map(({ code, message, severity, source, range }) => ({
        code: String(code),
        message,
        severity,
        path: typeof source === 'string' && source !== '' ? source : path,
        line: (range?.start.line ?? 0) + 1,
        column: (range?.start.character ?? 0) + 1,
      })),
    };
  } catch (error) {
    return { failed: String(error?.message ?? error) };
  }
}
parentPort.on('message', async ({ id, text, path, alone }) => parentPort.postMessage({ id, verdict: await judge(text, path, alone) }));
`;
