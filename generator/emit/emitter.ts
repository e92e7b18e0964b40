import type { Model } from '../model/types.js';
import type { HttpTypeIndex, TypeIndex } from './types.js';

/** Folder a planned file hangs in: the generated output, or the user's own services folder. */
export type Base = 'output' | 'services';

/**
 * One file to be. `owned` files belong to the generator and are replaced; `once` files are written when absent and belong to the user from then on.
 */
export interface PlannedFile {
  readonly base: Base;
  /** Relative, forward slashes. */
  readonly path: string;
  readonly ownership: 'owned' | 'once';
  /** Contract file (as shown to people) that leads to this one. */
  readonly source: string;
  readonly emitter: string;
  /** Same-named file in `templates/`, without `.hbs`. */
  readonly template: string;
  /** Plain strings, booleans and lists of such: everything is escaped already, templates only place it. */
  readonly view: Readonly<Record<string, unknown>>;
}

export interface EmitInput {
  readonly model: Model;
  readonly types: TypeIndex;
  readonly http: HttpTypeIndex;
  /** How hand-written code reaches the output: `#generated/<system>` when package.json maps it, else undefined and paths are relative. */
  readonly alias?: string;
  /** Path from the services folder to the output folder, forward slashes. */
  readonly outputFromServices: string;
  /** Folder of the contracts as the project's tests name it, forward slashes; undefined when they do not run on Vitest. */
  readonly testedFrom?: string;
  /** True when the surrounding package is no ES module, so that the output must say that it is one. */
  readonly needsModuleMarker: boolean;
}

/**
 * One kind of output.
 *
 * Promises: the same input gives the same files; nothing is read from or written to the disk.
 */
export interface Emitter {
  /** Stable id, kebab case; the manifest names it for each file. */
  readonly name: string;
  readonly summary: string;
  plan(input: EmitInput): Iterable<PlannedFile>;
}
