import { posix } from 'node:path';
import type { Model } from '../../model/types.js';

/** The workspace file of a model, by absolute path; undefined when there is none. */
export function settingsFile({ documents }: Model): string | undefined {
  return [...documents.keys()].find((path) => /^seamwright\.ya?ml$/.test(posix.basename(path)));
}

/** A system without a name is called after its folder, and another revision may lie in another one. */
export function namesItself(model: Model): boolean {
  const path = settingsFile(model);
  const value = path === undefined ? undefined : model.documents.get(path);
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'system');
}
