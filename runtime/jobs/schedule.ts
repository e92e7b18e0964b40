import { Cron } from 'croner';
import { UsageError } from '../errors.js';
import type { JobDefinition } from './definition.js';

/**
 * When a job is due, in ms since the epoch. A time of day that the clocks leave out in spring is due when they have moved on; one that they show twice in autumn is
 * due the first time. Times within a wildcard, list or range (`*`, `1,2`, `1-3`) are all due that there are: none in the gap, both of the repeated ones.
 */
export interface Schedule {
  /** The first occurrence after an instant; undefined when there is none any more. */
  next(afterMs: number): number | undefined;
  /** The last occurrence up to an instant, that one included. */
  latest(upToMs: number): number | undefined;
}

/** Reads a job's cron expression. Throws `UsageError` when it or its time zone is none. */
export function openSchedule({
  name,
  schedule,
  timezone,
}: Pick<JobDefinition, 'name' | 'schedule' | 'timezone'>): Schedule {
  const fields = schedule.trim().split(/\s+/).length;
  if (fields !== 5 && fields !== 6) {
    throw new UsageError(`${name}: the schedule "${schedule}" has ${fields} fields, not five, or six with seconds`);
  }
  try {
    const cron = new Cron(schedule.trim(), { timezone, mode: '5-or-6-parts', paused: true });
    // Zones are looked up at the first question only.
    cron.nextRun(new Date(0));
    return {
      // Strictly after the given instant, which may have milliseconds.
      next: (afterMs) => cron.nextRun(new Date(afterMs))?.getTime(),
      // Strictly before, in whole seconds.
      latest: (upToMs) => cron.previousRuns(1, new Date((Math.floor(upToMs / 1_000) + 1) * 1_000))[0]?.getTime(),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${name}: the schedule "${schedule}" in "${timezone}" cannot be read: ${why}`);
  }
}
