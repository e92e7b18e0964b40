import type { Rule } from '../rule.js';

const bounds = [
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['day of month', 1, 31],
  ['month', 1, 12],
  ['day of week', 0, 7],
] as const;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** `schedule` must be five cron fields (or `@daily` and its kin), `timezone` a name of the IANA database. */
export const jobScheduleInvalid: Rule = {
  id: 'job-schedule-invalid',
  severity: 'error',
  title: 'The schedule of a job is a cron expression in a known time zone.',
  why: 'A schedule that cannot be read never fires, and a job that does not run fails no test.',
  fix: 'Write five fields: minute hour day month weekday.',
  requirements: ['TD-80', 'DH-23'],
  *check(model) {
    for (const job of model.jobs.values()) {
      const problem = problemOf(job.schedule);
      if (problem !== undefined) {
        const message = `job "${job.name}" has schedule "${job.schedule}", ${problem}.`;
        yield {
          at: job.at,
          message,
          subject: `job:${job.name} schedule`,
          fix: 'write five fields such as "0 3 1 * *": minute hour day month weekday.',
        };
      }
      if (isTimezone(job.timezone)) continue;
      const message = `job "${job.name}" runs in time zone "${job.timezone}", which does not exist.`;
      yield {
        at: job.at,
        message,
        subject: `job:${job.name} timezone`,
        fix: 'write a name such as Europe/Berlin or UTC.',
      };
    }
  },
};

function problemOf(schedule: string): string | undefined {
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(schedule)) return undefined;
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== bounds.length) return `which has ${fields.length} fields instead of 5`;
  for (const [index, [name, least, most]] of bounds.entries()) {
    const field = fields[index] ?? '';
    if (!field.split(',').every((part) => isPart(part, name, least, most))) return `whose ${name} "${field}" is none`;
  }
  return undefined;
}

/** One of `*`, `5`, `1-5`, each with an optional step: `1-31/2`. */
function isPart(part: string, name: string, least: number, most: number): boolean {
  const match = /^(\*|\w+(?:-\w+)?)(?:\/([1-9]\d*))?$/.exec(part);
  if (match === null) return false;
  if (match[1] === '*') return true;
  const [from, to = from] = (match[1] ?? '').split('-').map((word) => numberOf(word, name));
  return from !== undefined && to !== undefined && from >= least && to <= most && from <= to;
}

function numberOf(word: string, name: string): number | undefined {
  if (/^\d+$/.test(word)) return Number(word);
  const names = name === 'month' ? months : name === 'day of week' ? days : [];
  const index = names.indexOf(word.toLowerCase());
  return index < 0 ? undefined : index + (name === 'month' ? 1 : 0);
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
