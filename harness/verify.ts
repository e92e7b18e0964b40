import { availableParallelism } from 'node:os';
import { UsageError } from '../runtime/errors.js';
import type { MixedWith } from './mixed/revisions.js';
import { type Level, type Score, type ServiceResult, summaryOf, type VerifyResult } from './result.js';
import { scenarios } from './scenarios/registry.js';
import { sideBySide } from './side-by-side.js';
import type { SystemUnderTest } from './system.js';
import { type SimulatedOptions, verifySimulated } from './verify-simulated.js';

export interface VerifyOptions extends Omit<SimulatedOptions, 'level' | 'seed'> {
  /** Default: `pact` and `sim`, which need no server. */
  readonly levels?: readonly Level[];
  /** Default: every service of the system that has code. */
  readonly services?: readonly string[];
  /** Default 1. */
  readonly seed?: number;
  /** Builds the usual mistakes into each service and counts how many would have been found. Default false. */
  readonly score?: boolean;
  /** Runs each message edge with both ends in two revisions instead: this one and an older one. */
  readonly mixedWith?: MixedWith;
}

/** On real servers a service mostly waits: for its process to start, for leases of a dead one to end, for nothing more to happen. */
const liveAtOnce = Math.min(Math.max(availableParallelism(), 2), 4);

/** What holds and what does not, service by service. What breaks is in the result; rejects with `UsageError` for services and scenarios that are not there. */
export async function verify(system: SystemUnderTest, options: VerifyOptions = {}): Promise<VerifyResult> {
  const { levels = ['pact', 'sim'], seed = 1 } = options;
  const names = servicesOf(system, options.services);
  if (options.mixedWith !== undefined) {
    const { verifyMixedWith } = await import('./mixed/verify-mixed.js');
    const mixed = await verifyMixedWith(system, options.mixedWith, { ...options, seed, services: names });
    return { services: mixed, summary: summaryOf(mixed) };
  }
  refuseUnknownScenarios(options.scenarios);
  const services: ServiceResult[] = [];
  for (const level of levels) {
    const verified = await sideBySide(names, level === 'live' ? liveAtOnce : 1, (service) =>
      verifyService(system, service, level, { ...options, seed }),
    );
    services.push(...verified);
    const flows = level === 'sim' ? await flowsOf(system, { ...options, seed }) : undefined;
    if (flows !== undefined) services.push(flows);
  }
  if (options.score === true) {
    for (const name of names) {
      const at = services.findLastIndex(({ service }) => service === name);
      const verified = services[at];
      if (verified !== undefined) services[at] = { ...verified, score: await scored(system, name, seed, options) };
    }
  }
  return { services, summary: summaryOf(services) };
}

async function scored(
  system: SystemUnderTest,
  service: string,
  seed: number,
  { progress }: VerifyOptions,
): Promise<Score> {
  const { scoreOf } = await import('./mutants/score.js');
  return scoreOf(system.subject(service), { seed, ...(progress && { progress }) });
}

async function flowsOf(
  system: SystemUnderTest,
  options: VerifyOptions & { readonly seed: number },
): Promise<ServiceResult | undefined> {
  const { verifyFlows } = await import('./verify-flows.js');
  const { scenarios, ...result } = { scenarios: [], ...(await verifyFlows(system, options)) };
  if (scenarios.length === 0) return undefined;
  // Every flow carries its run; a report shows them, a document for machines does not need them.
  const shown = scenarios.map(({ sample, ...rest }) =>
    options.samples === true && sample ? { ...rest, sample } : rest,
  );
  return { ...(result as ServiceResult), scenarios: shown };
}

async function verifyService(
  system: SystemUnderTest,
  service: string,
  level: Level,
  options: VerifyOptions & { readonly seed: number },
): Promise<ServiceResult> {
  switch (level) {
    case 'sim':
    case 'sql':
      return verifySimulated(system, service, { ...options, level });
    case 'pact':
      return (await import('./verify-pact-level.js')).verifyPactLevel(system, service, options);
    case 'live':
      return (await import('./live/verify-live.js')).verifyLive(system, service, options);
  }
}

function servicesOf(system: SystemUnderTest, wanted: readonly string[] | undefined): readonly string[] {
  const all = [...system.services.keys()].sort();
  for (const name of wanted ?? []) {
    if (!system.services.has(name))
      throw new UsageError(
        `there is no service "${name}" with generated code in "${system.name}"; there are ${all.join(', ') || 'none'}`,
      );
  }
  return wanted ?? all;
}

function refuseUnknownScenarios(wanted: readonly string[] | undefined): void {
  for (const id of wanted ?? []) {
    if (!scenarios.some((scenario) => scenario.id === id) && !/^(pact|flow)/.test(id))
      throw new UsageError(`there is no scenario "${id}"; "seamwright verify --list" names them all`);
  }
}
