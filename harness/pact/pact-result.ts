/** The four ways in which a Pact file is put to the test. */
export type PactScenario =
  | 'pact-provider-http'
  | 'pact-provider-messages'
  | 'pact-consumer-http'
  | 'pact-consumer-messages';

export interface PactScenarioResult {
  readonly scenario: PactScenario;
  /** `skipped` when there is nothing to prove, or no code or tool to prove it with; `reason` says which. */
  readonly status: 'passed' | 'failed' | 'skipped';
  /** One sentence. */
  readonly reason: string;
  /** Interactions that were put to the test. */
  readonly interactions: number;
  readonly failures: readonly PactFailure[];
}

/** One thing that is not as the contract says. */
export interface PactFailure {
  /** `<consumer> -> <provider>: <description>`. */
  readonly interaction: string;
  /** Where in the message, the request or the answer, such as `$.items[0].id`; empty when it is about the whole. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
  readonly sentence: string;
}

export function failure(
  interaction: string,
  sentence: string,
  at: { readonly path?: string; readonly expected?: unknown; readonly actual?: unknown } = {},
): PactFailure {
  const { path = '', expected, actual } = at;
  return { interaction, path, expected: shown(expected), actual: shown(actual), sentence };
}

function shown(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 2000 ? `${text.slice(0, 2000)}…` : text;
}

export function resultOf(
  scenario: PactScenario,
  interactions: number,
  failures: readonly PactFailure[],
  notes: readonly string[] = [],
): PactScenarioResult {
  const failing = new Set(failures.map(({ interaction }) => interaction)).size;
  const counted = `${interactions} interaction${interactions === 1 ? '' : 's'}`;
  const reason = failures.length === 0 ? `${counted} held` : `${failing} of ${counted} did not hold`;
  return {
    ...{ scenario, status: failures.length === 0 ? 'passed' : 'failed', interactions, failures },
    reason: [reason, ...notes].join('; '),
  };
}

export function skipped(scenario: PactScenario, reason: string): PactScenarioResult {
  return { scenario, status: 'skipped', reason, interactions: 0, failures: [] };
}
