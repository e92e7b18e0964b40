import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { VerifierReport, VerifierTask } from './verifier-process.js';

/** Pact's verifier in a process of its own, ready for one task. Nothing that it prints reaches our output. */
export interface RunningVerifier {
  /** Rejects when the process dies without a report; the end of what it printed is in the message. */
  verify(task: VerifierTask): Promise<VerifierReport>;
  stop(): void;
}

/** Longest time that a verification may take; a provider that hangs must not hang whoever verifies it. */
const longestMs = 120_000;

/** False when Pact is not installed: it is a development dependency that nobody needs at run time. */
export function hasPact(): boolean {
  try {
    createRequire(import.meta.url).resolve('@pact-foundation/pact');
    return true;
  } catch {
    return false;
  }
}

/** Started early, because loading Pact takes most of a second. */
export function startVerifier(): RunningVerifier {
  const isSource = import.meta.url.endsWith('.ts');
  const file = fileURLToPath(new URL(`./verifier-process.${isSource ? 'ts' : 'js'}`, import.meta.url));
  const loader = isSource ? ['--import', createRequire(import.meta.url).resolve('tsx')] : [];
  const child = spawn(process.execPath, [...loader, file], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // No word about this run leaves the machine.
    env: { ...process.env, PACT_DO_NOT_TRACK: 'true' },
    timeout: longestMs,
  });
  const printed = tailOf(child);
  return {
    verify: (task) =>
      new Promise((resolve, reject) => {
        child.once('message', (report) => resolve(report as VerifierReport));
        child.once('error', reject);
        child.once('exit', (code, signal) => {
          const how = signal === null ? `code ${code}` : signal;
          reject(new Error(`the Pact verifier ended with ${how}: ${printed().trim() || 'it said nothing'}`));
        });
        child.send(task, (error) => error !== null && reject(error));
      }),
    stop: () => {
      child.kill();
    },
  };
}

function tailOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('utf8')).slice(-2000);
    });
  }
  return () => text;
}
