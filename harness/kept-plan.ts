import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { faultNamed } from './faults/registry.js';
import type { Run } from './history.js';
import type { Violation } from './invariants/invariant.js';
import { type KeptMix, mixProblem } from './mixed/kept-mix.js';
import type { Plan } from './plan.js';
import { traceText } from './world/witness.js';

/** A plan in a file, with what came of it: whoever plays it again learns whether it is still the same run. */
export interface KeptPlan extends Plan {
  /** Of a plan that two revisions play together. */
  readonly mixed?: KeptMix;
  readonly expected: {
    readonly trace: string;
    /** A short hash of each line of the history, to find the first that differs. */
    readonly lines: readonly string[];
    readonly violations: readonly { readonly invariant: string; readonly sentence: string }[];
  };
}

/** What is kept of a plan: what broke it, and how to know that it runs as it did. */
export interface Keeping {
  readonly plan: Plan;
  readonly run: Run;
  readonly violations: readonly Violation[];
  readonly mixed?: KeptMix;
}

/** Where failing plans are written, below the project. */
export const plansFolder = '.seamwright/plans';

/** Writes a plan for `seamwright replay`. Gives its path, relative to the project. */
export function writePlan(project: string, name: string, keeping: Keeping): string {
  const folder = join(project, plansFolder);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name.replace(/[^\w.-]+/g, '-')}.json`);
  writeFileSync(path, `${JSON.stringify(keepPlan(keeping), null, 2)}\n`);
  return relative(project, path);
}

export function keepPlan({ plan, run, violations, mixed }: Keeping): KeptPlan {
  return {
    ...plan,
    ...(mixed !== undefined && { mixed }),
    expected: {
      trace: run.trace,
      lines: lineHashes(run),
      violations: violations.map(({ invariant, sentence }) => ({ invariant, sentence })),
    },
  };
}

export function lineHashes(run: Run): readonly string[] {
  return traceText(run.happenings)
    .split('\n')
    .map((line) => createHash('sha256').update(line).digest('hex').slice(0, 6));
}

/** Reads a plan that somebody kept. A sentence when it is none: the file is input like any other. */
export function readPlan(text: string): (Plan & Partial<KeptPlan>) | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `it is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const problem = problemOf(value);
  return problem ?? (value as Plan);
}

function problemOf(value: unknown): string | undefined {
  if (!isObject(value)) return 'it is no plan: a plan is a JSON object';
  if (value['seamwright'] !== 1) return 'it is no plan of this version: "seamwright" must be 1';
  for (const name of ['system', 'service', 'scenario', 'level']) {
    if (typeof value[name] !== 'string') return `"${name}" must be a text`;
  }
  for (const name of ['seed', 'jitter']) if (typeof value[name] !== 'number') return `"${name}" must be a number`;
  const mistaken = value['mixed'] === undefined ? undefined : mixProblem(value['mixed']);
  if (mistaken !== undefined) return mistaken;
  const { steps, faults } = value;
  if (!Array.isArray(steps) || !Array.isArray(faults)) return '"steps" and "faults" must be lists';
  for (const [index, step] of steps.entries()) {
    if (
      !isObject(step) ||
      typeof step['id'] !== 'string' ||
      typeof step['at'] !== 'number' ||
      typeof step['do'] !== 'string'
    )
      return `step ${index + 1} needs "id", "at" and "do"`;
  }
  for (const [index, fault] of faults.entries()) {
    if (!isObject(fault) || typeof fault['fault'] !== 'string') return `fault ${index + 1} needs "fault"`;
    const known = faultNamed(fault['fault']);
    if (known === undefined) return `there is no fault "${fault['fault']}"`;
    const refusal = known.refuse({ ...fault, fault: fault['fault'] });
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
