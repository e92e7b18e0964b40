import { resolve } from 'node:path';
import { UsageError } from '../runtime/errors.js';
import { textReport } from './report/text.js';
import type { Level, VerifyResult } from './result.js';
import { scenarios } from './scenarios/registry.js';
import { loadSystem, type SystemUnderTest } from './system.js';
import { verify } from './verify.js';
import { skippedBy } from './verify-simulated.js';

export interface VerifyServiceOptions {
  /** Folder of contracts, relative to the working folder. */
  readonly workspace: string;
  readonly service: string;
  /** Default: `sim`, which needs no server and no further process. */
  readonly levels?: readonly Level[];
  /** Ids of scenarios; default all that the contract gives occasion for. */
  readonly scenarios?: readonly string[];
  readonly seed?: number;
  /** Schedules per scenario and target. */
  readonly runs?: number;
}

/** A service broke a promise; the message tells the shortest story that breaks it. */
export class BrokenPromiseError extends Error {
  override readonly name = 'BrokenPromiseError';
  readonly result: VerifyResult;

  constructor(result: VerifyResult) {
    super(textReport(result));
    this.result = result;
  }
}

/** Proves in a test of your own that a service honours its contracts. Rejects with `BrokenPromiseError` when it does not. */
export async function verifyService({
  workspace,
  service,
  levels = ['sim'],
  ...options
}: VerifyServiceOptions): Promise<VerifyResult> {
  const system = await systemIn(workspace);
  const result = await verify(system, { ...options, levels, services: [service] });
  if (result.summary.failed > 0) throw new BrokenPromiseError(result);
  return result;
}

/**
 * Ids of the scenarios that the contract of a service gives occasion for, in the order in which they are tried: for tests with a name of their own each. Throws
 * `UsageError` when there is no such service, and when its code cannot be put together.
 */
export async function scenariosOf({
  workspace,
  service,
}: Pick<VerifyServiceOptions, 'workspace' | 'service'>): Promise<readonly string[]> {
  const subject = (await systemIn(workspace)).subject(service);
  const { create, reason } = subject.code;
  if (create === undefined && reason !== undefined)
    throw new UsageError(`"${service}" cannot be put together: ${reason}`);
  return scenarios
    .filter((scenario) => skippedBy(subject, scenario.id) === undefined && !('none' in scenario.targets(subject)))
    .map(({ id }) => id);
}

const systems = new Map<string, Promise<SystemUnderTest>>();

/** Contracts are read once per process, as the code of the services is: a test for each scenario asks for the same ones again and again. */
async function systemIn(workspace: string): Promise<SystemUnderTest> {
  const cwd = process.cwd();
  const place = resolve(cwd, workspace);
  const known = systems.get(place) ?? loadSystem({ workspace, cwd });
  systems.set(place, known);
  // What could not be read may be mended by the time somebody asks again.
  known.catch(() => systems.delete(place));
  return known;
}
