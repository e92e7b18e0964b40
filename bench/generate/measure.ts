import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface Measured {
  /** Wall clock of the whole process, its start included. */
  readonly ms: number;
  /** Largest resident set. */
  readonly rssMb: number;
}

/** Runs `node` with `args` in `cwd`. Rejects when it fails: a benchmark of a failure is worth nothing. */
export function measure(cwd: string, args: readonly string[]): Promise<Measured> {
  const note = join(cwd, 'max-rss.txt');
  rmSync(note, { force: true });
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, ['--import', join(import.meta.dirname, 'note-memory.mjs'), ...args], {
      cwd,
      env: { ...process.env, SEAMWRIGHT_BENCH_NOTE: note, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.on('data', (chunk) => {
      complaint += String(chunk);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      const ms = performance.now() - started;
      if (code !== 0) reject(new Error(`node ${args.join(' ')} ended with ${code}\n${complaint}`));
      else resolve({ ms, rssMb: Number(readFileSync(note, 'utf8')) / 1024 });
    });
  });
}

/** Of both numbers on their own. */
export function median(runs: readonly Measured[]): Measured {
  const middle = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
  return { ms: middle(runs.map(({ ms }) => ms)), rssMb: middle(runs.map(({ rssMb }) => rssMb)) };
}
