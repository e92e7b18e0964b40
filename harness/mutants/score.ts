import type { Score } from '../result.js';
import { scenarios } from '../scenarios/registry.js';
import type { Subject } from '../subject.js';
import { NeedsSqlError } from '../world/virtual-store.js';
import { hunt, struck } from './hunt.js';
import { withIdleHandlers } from './idle-handlers.js';
import type { Mutant } from './mutant.js';
import { mutants } from './registry.js';

export interface ScoreOptions {
  readonly seed: number;
  /** Schedules per mistake at most. Default 60. */
  readonly budget?: number;
  readonly progress?: (text: string) => void;
}

/**
 * How many of the usual mistakes a verification of this service would catch: each one that the service could have is built into it and hunted. Mistakes of
 * calls are left out where the operations that lead to them run SQL.
 */
export async function scoreOf(subject: Subject, { seed, budget = 60, progress }: ScoreOptions): Promise<Score> {
  const missed: string[] = [];
  let tried = 0;
  for (const mutant of mutants) {
    if (!makesSense(mutant, subject)) continue;
    progress?.(`${subject.name}: ${mutant.id}`);
    // Whether a handler is called when it should be does not depend on what it does; calls begin in the user's own operations.
    const whole = mutant.strikes.includes('client') ? subject : withIdleHandlers(subject);
    const found = await huntIn(mutant, whole, seed, budget);
    if (found === undefined) continue;
    tried += 1;
    if (!found) missed.push(mutant.id);
  }
  return { mutants: tried, caught: tried - missed.length, missed };
}

/** The service itself may have the mistake, and gives it an occasion. */
function makesSense(mutant: Mutant, subject: Subject): boolean {
  if (mutant.at !== undefined || subject.code.create === undefined) return false;
  return scenarios.some((one) => mutant.scenarios.includes(one.id) && struck(mutant, subject, one).length > 0);
}

async function huntIn(mutant: Mutant, subject: Subject, seed: number, budget: number): Promise<boolean | undefined> {
  try {
    return (await hunt(mutant, [subject], { seed, budget, shrinks: false })).killed;
  } catch (error) {
    if (error instanceof NeedsSqlError) return undefined;
    throw error;
  }
}
