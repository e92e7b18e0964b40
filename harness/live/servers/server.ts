import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** A private server of a test: a process of its own on a free port, with its data in a folder of its own. */
export interface LiveServer {
  /** As `SEAMWRIGHT_BROKER_URL` or `SEAMWRIGHT_DATABASE_URL` takes it. */
  readonly url: string;
  readonly port: number;
  /** Stops it without warning (SIGKILL), its data stays. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and data. Resolves when it takes connections. */
  start(): Promise<void>;
  /** Stops it for good and deletes its data. Never rejects. */
  dispose(): Promise<void>;
}

/** The executable of a name, looked for in PATH and then in `folders`; undefined when there is none. */
export function executable(name: string, folders: readonly string[] = []): string | undefined {
  const places = [...(process.env.PATH ?? '').split(delimiter), ...folders];
  return places.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** A new folder for a server's data, and its removal. */
export function dataFolder(name: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `seamwright-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Starts a process whose output is kept: `said()` tells the last of it, for the error when it does not come up. */
export function launch(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): { readonly process: ChildProcess; said(): string; readonly gone: Promise<void> } {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: false });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
    });
  }
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      output += String(error);
      resolve();
    });
  });
  return { process: child, said: () => output, gone };
}

/** Tries until `attempt` resolves, every 100 ms. Rejects with its last error after `patienceMs`. */
export async function eventually<T>(attempt: () => Promise<T>, patienceMs = 30_000): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
