import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the package around the contracts says about its modules and its tests. */
export interface PackageFacts {
  /** `type: module`. */
  readonly isModule: boolean;
  /** `imports` has `#generated/*`. */
  readonly mapsGenerated: boolean;
  /** Vitest is among its dependencies, those of development included. */
  readonly hasVitest: boolean;
}

/** Reads package.json of a project; an absent or broken one says nothing. */
export function readPackage(project: string): PackageFacts {
  const { type, imports, dependencies, devDependencies } = contentOf(join(project, 'package.json'));
  return {
    isModule: type === 'module',
    mapsGenerated: has(imports, '#generated/*'),
    hasVitest: has(dependencies, 'vitest') || has(devDependencies, 'vitest'),
  };
}

function contentOf(file: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

function has(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}
