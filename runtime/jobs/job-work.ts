import { UsageError } from '../errors.js';
import type { ItemJobHandler, JobDefinition, JobHandler } from './definition.js';

/** What a job does: a function of the user's, or three of them for a job over items. */
export type JobWork =
  | { readonly kind: 'whole'; readonly handle: JobHandler<unknown> }
  | { readonly kind: 'items'; readonly handle: ItemJobHandler<unknown, unknown> };

/** The work of a job as `options.jobs` has it. Throws `UsageError` when it is missing or of the wrong shape. */
export function jobWork({ name, property, forEach }: JobDefinition, jobs: object): JobWork {
  const handle: unknown = Reflect.get(jobs, property);
  if (!forEach) {
    if (typeof handle !== 'function') throw new UsageError(`${name}: job "${property}" is missing`);
    return { kind: 'whole', handle: handle as JobHandler<unknown> };
  }
  const missing = ['items', 'key', 'each'].filter((part) => typeof Reflect.get(Object(handle), part) !== 'function');
  if (missing.length > 0) throw new UsageError(`${name}: job "${property}" has no ${missing.join(', ')}`);
  return { kind: 'items', handle: handle as ItemJobHandler<unknown, unknown> };
}
