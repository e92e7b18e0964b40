import type { JobDefinition } from './definition.js';
import type { JobWork } from './job-work.js';
import type { Schedule } from './schedule.js';

/** A job with what the user's code does about it, and when. */
export interface PlannedJob {
  readonly definition: JobDefinition;
  readonly work: JobWork;
  readonly schedule: Schedule;
}
