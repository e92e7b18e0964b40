import type { Deploy, Start } from './orders.js';
import type { Revisions } from './revisions.js';
import { isVersion } from './revisions.js';

/** What a plan says of two revisions beside its steps: which ones, between whom, and who runs which when. */
export type KeptMix = KeptMessageMix | KeptCallMix;

interface Mixed {
  /** What `--mixed-with` has to be given for the same old revision: the commit itself where a branch was named. */
  readonly with: string;
  /** The old revision as people say it. */
  readonly revision: string;
}

/** Messages from one service to the one that the plan is about. */
export interface KeptMessageMix extends Mixed {
  readonly kind: 'messages';
  readonly from: string;
  /** Id of the edge at its reader. */
  readonly edge: string;
  readonly start: Start;
  readonly deploys: readonly Deploy[];
  /** Steps whose messages go over the edge. */
  readonly told: readonly string[];
}

/** Calls of one service to the one that the plan is about; the server runs the revision that the client does not. */
export interface KeptCallMix extends Mixed {
  readonly kind: 'calls';
  readonly from: string;
  readonly client: 'old' | 'new';
}

/** The two revisions of a plan. */
export function mixedBetween({ oldName, asked }: Pick<Revisions, 'oldName' | 'asked'>): Mixed {
  return { with: pinned(asked, oldName), revision: oldName };
}

/** A branch moves on: what is kept names the commit that it was, `main@3f2c9aa` or `main@3f2c9aa:folder`. */
function pinned(asked: string, name: string): string {
  const [, ref, commit, folder = ''] = /^(.*)@([0-9a-f]{7,40})(:.*)?$/s.exec(name) ?? [];
  return commit !== undefined && asked === `${ref}${folder}` ? `${commit}${folder}` : asked;
}

/** The mistake in what a kept plan says of two revisions, or undefined: a file is input like any other. */
export function mixProblem(value: unknown): string | undefined {
  if (!isObject(value)) return '"mixed" must be an object';
  for (const name of ['with', 'revision', 'from'])
    if (typeof value[name] !== 'string') return `"${name}" of "mixed" must be a text`;
  if (value['kind'] === 'calls')
    return isVersion(value['client']) ? undefined : '"client" of "mixed" must be old or new';
  if (value['kind'] !== 'messages') return '"kind" of "mixed" must be messages or calls';
  const { edge, start, deploys, told } = value;
  if (typeof edge !== 'string') return '"edge" of "mixed" must be a text';
  if (!isObject(start) || !isVersion(start['from']) || !isVersion(start['to']))
    return '"start" of "mixed" must say old or new for "from" and "to"';
  if (!Array.isArray(told) || told.some((id) => typeof id !== 'string'))
    return '"told" of "mixed" must be a list of ids';
  if (!Array.isArray(deploys) || !deploys.every(isDeploy))
    return 'each of "deploys" of "mixed" needs "at", "end", "version" and "downMs"';
  return undefined;
}

function isDeploy(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value['at'] === 'number' &&
    typeof value['downMs'] === 'number' &&
    isVersion(value['version']) &&
    (value['end'] === 'from' || value['end'] === 'to' || value['end'] === 'others')
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
