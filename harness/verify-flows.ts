import { type FlowResult, runFlows } from './flows/run-flows.js';
import { timelineOf } from './report/timeline.js';
import type { ScenarioResult, ServiceResult } from './result.js';
import type { SystemUnderTest } from './system.js';

export interface VerifyFlowsOptions {
  readonly seed: number;
  /** Only flows that one of these services takes part in. */
  readonly services?: readonly string[];
  /** Ids of scenarios; a flow is `flow:<feature>/<name>`, and `flows` means all of them. */
  readonly scenarios?: readonly string[];
  readonly progress?: (text: string) => void;
}

/** Runs the flows of a system end to end, over all of its services at once; undefined when none is asked for. */
export async function verifyFlows(
  system: SystemUnderTest,
  options: VerifyFlowsOptions,
): Promise<ServiceResult | undefined> {
  const startedAt = performance.now();
  const wanted = system.model.flows.filter((flow) => flow.kind === 'flow' && isWanted(flow, options));
  if (wanted.length === 0) return undefined;
  options.progress?.(`${system.name}: flows`);
  const only = wanted.map(({ feature, name }) => `${feature}.${name}`);
  const results = await runFlows(system, { seed: options.seed, only });
  return {
    ...{ system: system.name, service: `${system.name} (flows)`, level: 'sim' },
    scenarios: results.map((result) => scenarioResult(result, options.seed)),
    tookMs: performance.now() - startedAt,
  };
}

/** Name of a flow among the scenarios. */
export function flowScenario({ feature, name }: { readonly feature: string; readonly name: string }): string {
  return `flow:${feature}/${name}`;
}

function isWanted(
  flow: SystemUnderTest['model']['flows'][number],
  { services, scenarios }: VerifyFlowsOptions,
): boolean {
  if (scenarios !== undefined && !scenarios.includes('flows') && !scenarios.includes(flowScenario(flow))) return false;
  return services === undefined || flow.hops.some(({ from, to }) => services.includes(from) || services.includes(to));
}

function scenarioResult(
  { feature, flow, status, reason, expectations, run }: FlowResult,
  seed: number,
): ScenarioResult {
  return {
    ...{ scenario: flowScenario({ feature, name: flow }), status, seed, schedules: status === 'skipped' ? 0 : 1 },
    ...(reason !== '' && { reason }),
    invariants: expectations.map(({ text }) => text),
    ...(run !== undefined && {
      sample: { words: [`${feature}: ${flow}`], timeline: timelineOf(run, undefined), plan: run.plan },
    }),
  };
}
