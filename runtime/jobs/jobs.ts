import { UsageError } from '../errors.js';
import type { Parts } from '../parts.js';
import type { JobDefinition } from './definition.js';
import { createJob, type Job } from './job.js';
import { jobWork } from './job-work.js';
import type { PlannedJob } from './planned-job.js';
import { openSchedule } from './schedule.js';

/** The jobs of one instance of a service. */
export interface Jobs {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** By its property. Throws `UsageError` for one that there is not. */
  named(property: string): Job;
}

/** All jobs of a definition, with their work and their times. Throws `UsageError` when some is missing or cannot be read. */
export function plannedJobs(definitions: readonly JobDefinition[] = [], jobs: object = {}): readonly PlannedJob[] {
  return definitions.map((definition) => ({
    definition,
    work: jobWork(definition, jobs),
    schedule: openSchedule(definition),
  }));
}

export function createJobs(parts: Parts, planned: readonly PlannedJob[]): Jobs {
  const jobs = new Map(planned.map((job) => [job.definition.property, createJob(parts, job)] as const));
  return {
    async start() {
      for (const job of jobs.values()) await job.start();
    },
    async stop() {
      await Promise.all([...jobs.values()].map((job) => job.stop()));
    },
    named(property) {
      const found = jobs.get(property);
      if (found === undefined) throw new UsageError(`there is no job ${property}`);
      return found;
    },
  };
}
