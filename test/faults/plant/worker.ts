import { writeSync } from 'node:fs';
import process from 'node:process';
import { fastClock } from './clock.js';
import type { ServiceName } from './definitions.js';
import { type Action, openMember } from './member.js';
import { type MutantName, mutants } from './mutants.js';
import { type Ports, stepping } from './steps.js';

/** When a process dies. */
export interface Death {
  /** Such as `before commit`. */
  readonly step: string;
  /** At how many-th time, from 1. */
  readonly nth: number;
  /** Number of steps at which it dies anyway, so that every life ends. */
  readonly latest: number;
}

/** What a process of the plant is told at its start, as JSON in `SEAMWRIGHT_TEST_WORKER`. */
export interface WorkerOptions {
  readonly service: ServiceName;
  readonly brokerUrl: string;
  readonly databaseUrl: string;
  readonly seed: number;
  readonly failing: number;
  readonly prefetch: number;
  readonly clock: { readonly originMs: number; readonly speed: number };
  /** The wall clock of the process, so many ms beside the machine's. */
  readonly clockOffsetMs?: number;
  readonly death?: Death;
  readonly mutant?: MutantName;
}

/** From the plant to the process. */
export interface Request {
  readonly actions: readonly Action[];
  /** Sets the wall clock of the process to so many ms beside the machine's. */
  readonly clockOffsetMs?: number;
}

/** From the process to the plant. */
export type Answer = 'ready' | 'done' | { readonly failed: string };

async function main(options: WorkerOptions): Promise<void> {
  const { death, mutant, clock, clockOffsetMs = 0, ...member } = options;
  setWallClock(clockOffsetMs);
  const ports = (given: Ports): Ports => {
    const mortal = death === undefined ? given : stepping(given, dying(death));
    return mutant === undefined ? mortal : mutants[mutant](mortal);
  };
  const running = await openMember({ ...member, clock: fastClock(clock.originMs, clock.speed), around: ports });
  const answer = (text: Answer): void => void process.send?.(text);
  process.on('message', ({ actions, clockOffsetMs }: Request) => {
    if (clockOffsetMs !== undefined) setWallClock(clockOffsetMs);
    running.perform(actions).then(
      () => answer('done'),
      (error: unknown) => answer({ failed: String(error) }),
    );
  });
  process.once('SIGTERM', () => void running.stop().then(() => process.exit(0)));
  // The plant is gone.
  process.once('disconnect', () => process.exit(0));
  answer('ready');
}

/** Tells the last step through a pipe, which outlives the process, and dies. */
function dying({ step, nth, latest }: Death): (reached: string) => void {
  let [seen, steps] = [0, 0];
  return (reached) => {
    steps += 1;
    if (reached === step) seen += 1;
    if (seen < nth && steps < latest) return;
    writeSync(1, reached);
    process.kill(process.pid, 'SIGKILL');
  };
}

function setWallClock(offsetMs: number): void {
  Date.now = () => performance.timeOrigin + performance.now() + offsetMs;
}

await main(JSON.parse(process.env.SEAMWRIGHT_TEST_WORKER ?? '') as WorkerOptions);
