import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageUses } from '../../generator/emit/pact/message-use.js';
import type { Subject } from '../subject.js';
import { verifyConsumerHttp } from './consumer/verify-consumer-http.js';
import { verifyConsumerMessages } from './consumer/verify-consumer-messages.js';
import { failure, type PactScenario, type PactScenarioResult, resultOf, skipped } from './pact-result.js';
import type { StateHandlers } from './provider/state-handlers.js';
import { readPacts } from './read-pacts.js';
import type { RunOptions } from './running-subject.js';
import { verifyProvider } from './verify-provider.js';

export interface PactOptions extends RunOptions {
  /** `generated/<system>`, absolute: clients are loaded from there, and Pact files from `pacts/` below it. */
  readonly output: string;
  /** Folder of the Pact files, where they lie elsewhere. */
  readonly pacts?: string;
  /** What the user's `verify.ts` exports as `states`. Default: those of the subject's code. */
  readonly states?: StateHandlers;
  /** Default: all four. */
  readonly scenarios?: readonly PactScenario[];
}

/** In the order in which they are told. */
export const pactScenarios: readonly PactScenario[] = [
  'pact-provider-http',
  'pact-provider-messages',
  'pact-consumer-http',
  'pact-consumer-messages',
];

/**
 * Puts a service to the test of every Pact file that names it: as a provider with Pact's own verifier, as a consumer with its generated clients and consumers and its
 * user's handlers. Never rejects for what a service does; a result for each scenario that is asked for.
 */
export async function verifyPacts(subject: Subject, options: PactOptions): Promise<readonly PactScenarioResult[]> {
  const pacts = options.pacts ?? join(options.output, 'pacts');
  const wanted = new Set(options.scenarios ?? pactScenarios);
  if (isEmpty(pacts) && isReliedOn(subject)) return [...wanted].map((scenario) => unwritten(scenario, pacts));
  const results: PactScenarioResult[] = [];
  if (wanted.has('pact-provider-http') || wanted.has('pact-provider-messages')) {
    const states = options.states ?? subject.code.states ?? {};
    results.push(...(await verifyProvider(subject, { ...options, pacts, states })));
  }
  const read = readPacts(pacts, 'consumer', subject.name);
  if (wanted.has('pact-consumer-http'))
    results.push(await told('pact-consumer-http', () => verifyConsumerHttp(subject, options.output, read)));
  if (wanted.has('pact-consumer-messages'))
    results.push(await told('pact-consumer-messages', () => verifyConsumerMessages(subject, read, options)));
  const unread = read.failures;
  return results
    .filter(({ scenario }) => wanted.has(scenario))
    .map((result) =>
      unread.length > 0 && result.scenario === 'pact-consumer-http'
        ? resultOf(result.scenario, result.interactions, [...unread, ...result.failures])
        : result,
    );
}

/** Files that were never written prove as little as files without interactions. */
function isEmpty(folder: string): boolean {
  return !existsSync(folder) || !readdirSync(folder).some((name) => name.endsWith('.json'));
}

function isReliedOn({ model, name }: Subject): boolean {
  return (
    model.http.some(({ from, to }) => from === name || to === name) ||
    messageUses(model).some(({ consumer, provider }) => consumer === name || provider === name)
  );
}

function unwritten(scenario: PactScenario, folder: string): PactScenarioResult {
  const sentence = `there are no Pact files in ${folder}; run seamwright generate`;
  return { scenario, status: 'failed', reason: sentence, interactions: 0, failures: [failure('all', sentence)] };
}

/** Code of a user's may throw where it is loaded. */
async function told(scenario: PactScenario, verify: () => Promise<PactScenarioResult>): Promise<PactScenarioResult> {
  try {
    return await verify();
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    return { ...skipped(scenario, sentence), status: 'failed', failures: [failure('the consumer', sentence)] };
  }
}
