import type { SystemUnderTest } from '../system.js';

/** Which of two revisions a process runs. */
export type Version = 'old' | 'new';

/** An older revision to run beside the present one. */
export interface MixedWith {
  readonly system: SystemUnderTest;
  /** As people say it: `main@3f2c9aa`. */
  readonly name: string;
  /** What the user asked for, for the command that does it again. */
  readonly asked: string;
}

/** One system twice: as it was, and as it is. Both run on one runtime. */
export interface Revisions {
  readonly old: SystemUnderTest;
  readonly new: SystemUnderTest;
  /** The old revision as people say it: `main@3f2c9aa`. */
  readonly oldName: string;
  /** What `--mixed-with` was given. */
  readonly asked: string;
}

export function otherVersion(version: Version): Version {
  return version === 'old' ? 'new' : 'old';
}

export function isVersion(value: unknown): value is Version {
  return value === 'old' || value === 'new';
}
