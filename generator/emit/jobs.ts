import type { Job } from '../model/types.js';
import type { EmitInput } from './emitter.js';
import type { Imports } from './imports.js';
import { distinct, docComment, stringLiteral, typeName, variableName } from './names.js';
import { typeCalled } from './schema-type.js';
import type { ServiceFacts } from './service-facts.js';
import { retryText } from './waits-text.js';

export interface JobNames {
  readonly job: Job;
  /** Property of `options.jobs`. */
  readonly property: string;
  /** Type of what the user writes. */
  readonly type: string;
}

/** Names of the jobs of a service. */
export function jobsOf(facts: ServiceFacts): readonly JobNames[] {
  const properties = distinct(facts.jobs, (job) => variableName(job.name));
  return facts.jobs.map((job) => {
    const property = properties.get(job) ?? variableName(job.name);
    return { job, property, type: `${typeName(property)}Job` };
  });
}

/** What generated code says of one job. */
export function jobView(input: EmitInput, facts: ServiceFacts, { job, property, type }: JobNames, imports: Imports) {
  const transaction = `${facts.pascal}Transaction`;
  const item = job.forEach === undefined ? undefined : (typeCalled(input, job.forEach, imports) ?? 'unknown');
  return {
    property,
    type,
    variable: variableName(`${property} job`),
    handler: item === undefined ? `JobHandler<${transaction}>` : `ItemJobHandler<${item}, ${transaction}>`,
    doc: docComment(
      `${job.name}, at ${job.schedule} (${job.timezone})${job.forEach === undefined ? '' : `, for each ${job.forEach}`}${job.description === undefined ? '' : `: ${job.description.replace(/\.$/, '')}`}. Source: ${job.at.file}:${job.at.line}`,
    ),
    lines: [
      `name: ${stringLiteral(`${facts.service.name}.${job.name}`)},`,
      `property: ${stringLiteral(property)},`,
      `schedule: ${stringLiteral(job.schedule)},`,
      `timezone: ${stringLiteral(job.timezone)},`,
      `attemptsMax: ${job.attemptsMax},`,
      `retry: ${job.retry === undefined ? `{ ...defaultRetry, attemptsMax: ${job.attemptsMax} }` : retryText({ ...job.retry, attemptsMax: job.attemptsMax }, undefined)},`,
      `catchUp: ${stringLiteral(job.catchUp)},`,
      `forEach: ${job.forEach !== undefined},`,
    ],
  };
}
