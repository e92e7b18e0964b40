import { spawn } from 'node:child_process';
import process from 'node:process';

export interface Timed {
  readonly ms: number;
  readonly output: string;
  /** It was still at it when its time was over. */
  readonly isCutOff: boolean;
}

/** Nobody waits longer for a comparison. */
const DURATION_MAX_MS = 120_000;

/** Runs a script as a process of its own. Comparisons that find something end with 1; any other code above is a failure. */
export function timed(args: readonly string[], cwd: string): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [...args], {
      cwd,
      env: { ...process.env, NODE_OPTIONS: '', OPTIC_TELEMETRY_LEVEL: 'off' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: DURATION_MAX_MS,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      complaint += String(chunk);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const ms = performance.now() - started;
      const isCutOff = signal === 'SIGKILL' && ms >= DURATION_MAX_MS;
      if (code === 0 || code === 1 || isCutOff) resolve({ ms, output: isCutOff ? '' : output, isCutOff });
      else reject(new Error(`node ${args.join(' ')} ended with ${code}\n${complaint}`));
    });
  });
}

/** The middle one of several runs. */
export function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
