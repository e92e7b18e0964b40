import type { PactScenario, PactScenarioResult } from './pact/pact-result.js';
import { pactScenarios, verifyPacts } from './pact/verify-pacts.js';
import type { ScenarioResult, ServiceResult } from './result.js';
import type { SystemUnderTest } from './system.js';

export interface PactLevelOptions {
  readonly seed: number;
  readonly scenarios?: readonly string[];
  readonly progress?: (text: string) => void;
}

/** Puts one service to the test of every Pact file that names it. */
export async function verifyPactLevel(
  system: SystemUnderTest,
  service: string,
  { seed, scenarios, progress }: PactLevelOptions,
): Promise<ServiceResult> {
  const startedAt = performance.now();
  progress?.(`${service}: pacts`);
  const wanted = pactScenarios.filter((id) => scenarios?.includes(id) ?? true);
  const results = await verifyPacts(system.subject(service), { output: system.output, scenarios: wanted });
  return {
    ...{ system: system.name, service, level: 'pact' },
    scenarios: results.map((result) => scenarioResult(result, seed)),
    tookMs: performance.now() - startedAt,
  };
}

function scenarioResult(result: PactScenarioResult, seed: number): ScenarioResult {
  const { scenario, status, reason, interactions, failures } = result;
  const [first] = failures;
  return {
    ...{ scenario, status, seed, schedules: interactions, invariants: [promiseOf(scenario)] },
    reason: first === undefined ? reason : first.sentence,
    ...(failures.length > 0 && { mismatches: failures }),
  };
}

function promiseOf(scenario: PactScenario): string {
  return scenario.startsWith('pact-provider') ? 'answers-as-agreed' : 'understands-what-was-agreed';
}
