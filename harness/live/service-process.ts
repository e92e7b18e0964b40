import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { systemClock } from '../../runtime/clock.js';
import type { RunSettings } from './run-settings.js';

/** The service under test as a process of its own, in whatever language. */
export interface ServiceProcess {
  /** Starts it and resolves once it is ready. Rejects with what it said when it ends before, or is not ready in time. */
  start(): Promise<void>;
  /** Kills it and all that it has started, without warning. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop, and kills it when its grace is over. */
  stop(): Promise<void>;
  readonly running: boolean;
  /** How it ended although nobody asked it to; undefined when it did not. */
  readonly accident: string | undefined;
}

export interface ProcessPlace {
  readonly service: string;
  readonly settings: RunSettings;
  /** Folder that `working_dir` is relative to. */
  readonly project: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
}

export function serviceProcess(place: ProcessPlace): ServiceProcess {
  const { service, settings } = place;
  let child: ChildProcess | undefined;
  let gone: Promise<void> = Promise.resolve();
  let said = '';
  let ended: string | undefined;
  let expected = false;
  // Its own group dies with it; this process may be ended in the middle of a run.
  const orphans = (): void => signal(child, 'SIGKILL');

  function launch(): void {
    said = '';
    ended = undefined;
    expected = false;
    const [command, args, shell] = commandOf(settings.command);
    const started = spawn(command, args, {
      cwd: join(place.project, settings.workingDir),
      env: { ...process.env, ...conditions(), ...place.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      shell,
    });
    child = started;
    process.once('exit', orphans);
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-2_000);
      });
    }
    gone = new Promise((resolve) => {
      const end = (how: string): void => {
        if (!expected) ended = `${service} ended with ${how}${said === '' ? '' : `: ${said.trim()}`}`;
        process.off('exit', orphans);
        if (child === started) child = undefined;
        resolve();
      };
      started.once('exit', (code, killed) => end(killed ?? `code ${code}`));
      started.once('error', (error) => end(String(error)));
    });
  }

  async function end(how: NodeJS.Signals, graceMs: number): Promise<void> {
    if (child === undefined) return;
    expected = true;
    signal(child, how);
    const late = systemClock.timer(graceMs, () => signal(child, 'SIGKILL'));
    await gone;
    late();
  }

  return {
    get running() {
      return child !== undefined;
    },
    get accident() {
      return ended;
    },
    async start() {
      launch();
      const until = systemClock.now() + settings.health.patienceMs;
      while (!(await isReady(place))) {
        if (ended !== undefined) throw new Error(ended);
        if (systemClock.now() > until) {
          const words = `${service} was not ready after ${settings.health.patienceMs / 1000} s`;
          throw new Error(said === '' ? words : `${words}: ${said.trim()}`);
        }
        await systemClock.sleep(settings.health.intervalMs);
      }
    },
    kill: () => end('SIGKILL', 0),
    stop: () => end(settings.stopSignal, settings.stopGraceMs),
  };
}

function commandOf(command: RunSettings['command']): readonly [string, readonly string[], boolean] {
  if (typeof command === 'string') return [command, [], true];
  const [program = '', ...args] = command;
  return [program, args, false];
}

/** A Node that was told how to resolve packages has its services resolve them so, too. */
function conditions(): { readonly NODE_OPTIONS?: string } {
  const found = process.execArgv.flatMap((argument, index, all) => {
    if (argument === '-C' || argument === '--conditions') return [all[index + 1] ?? ''];
    return argument.startsWith('--conditions=') ? [argument.slice('--conditions='.length)] : [];
  });
  if (found.length === 0) return {};
  const own = process.env.NODE_OPTIONS ?? '';
  return { NODE_OPTIONS: [own, ...found.map((name) => `--conditions=${name}`)].join(' ').trim() };
}

/** The whole group: a shell or a wrapper would leave the service itself behind. */
function signal(child: ChildProcess | undefined, name: NodeJS.Signals): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // It is gone already.
  }
}

async function isReady({
  settings: { health, workingDir },
  port,
  project,
  environment,
}: ProcessPlace): Promise<boolean> {
  if (health.http !== undefined) {
    try {
      const signal = AbortSignal.timeout(health.timeoutMs);
      return (await fetch(`http://127.0.0.1:${port}${health.http}`, { signal })).ok;
    } catch {
      return false;
    }
  }
  if (health.test === undefined) return listens(port);
  const [first = '', ...rest] = typeof health.test === 'string' ? ['CMD-SHELL', health.test] : health.test;
  const shell = first === 'CMD-SHELL';
  const [program = '', ...args] = first === 'CMD' || shell ? rest : [first, ...rest];
  const cwd = join(project, workingDir);
  return (
    spawnSync(program, args, { cwd, env: { ...process.env, ...environment }, shell, timeout: health.timeoutMs })
      .status === 0
  );
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
