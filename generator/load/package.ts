import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the package around the contracts says about its modules. */
export interface PackageFacts {
  /** `type: module`. */
  readonly isModule: boolean;
  /** `imports` has `#generated/*`. */
  readonly mapsGenerated: boolean;
}

/** Reads package.json of a project; an absent or broken one says nothing. */
export function readPackage(project: string): PackageFacts {
  try {
    const value: unknown = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    if (typeof value !== 'object' || value === null) return { isModule: false, mapsGenerated: false };
    const { type, imports } = value as { readonly type?: unknown; readonly imports?: unknown };
    return {
      isModule: type === 'module',
      mapsGenerated: typeof imports === 'object' && imports !== null && '#generated/*' in imports,
    };
  } catch {
    return { isModule: false, mapsGenerated: false };
  }
}
