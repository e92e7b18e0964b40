import type { Subject } from '../subject.js';
import { type PactScenarioResult, resultOf, skipped } from './pact-result.js';
import { type Kind, kindOf, ProviderBench, type ProviderOptions } from './provider/provider-bench.js';
import { hasPact } from './provider/run-verifier.js';
import { trackPacts } from './provider/tracked-pacts.js';
import { readPacts } from './read-pacts.js';

const scenarios = { http: 'pact-provider-http', messages: 'pact-provider-messages' } as const;

/**
 * Verifies a service against the Pact files of everyone who relies on it: the user's own app answers, and messages are those that really left it. Pact compares; what
 * Pact would pass without proof fails here, and every answer and payload is held against its schema as well.
 */
export async function verifyProvider(
  subject: Subject,
  options: ProviderOptions,
): Promise<readonly PactScenarioResult[]> {
  const read = readPacts(options.pacts, 'provider', subject.name);
  const { interactions, remove, files } = trackPacts(read.pacts);
  try {
    if (read.pacts.length === 0 && read.failures.length === 0) return each(() => 'nobody relies on it');
    if (subject.code.create === undefined) return each(() => subject.code.reason ?? 'it has no code that creates it');
    if (!hasPact()) return each(() => 'Pact is not installed; npm install --save-dev @pact-foundation/pact@16');
    const bench = new ProviderBench(subject, options, interactions);
    const failures = [...read.failures, ...(files.length === 0 ? [] : await bench.verify(files))];
    return each((kind) => {
      const own = [...interactions.values()].filter(({ interaction }) => kindOf(interaction.type) === kind);
      const titles = new Set(own.map(({ title }) => title));
      const others = new Set([...interactions.values()].map(({ title }) => title));
      const found = failures.filter((one) => titles.has(one.interaction) || !others.has(one.interaction));
      if (own.length === 0 && (found.length === 0 || interactions.size > 0))
        return kind === 'http' ? 'nobody asks it' : 'nobody takes its messages';
      return resultOf(scenarios[kind], own.length, found, bench.notes(kind));
    });
  } finally {
    remove();
  }
}

function each(result: (kind: Kind) => PactScenarioResult | string): readonly PactScenarioResult[] {
  return (['http', 'messages'] as const).map((kind) => {
    const made = result(kind);
    return typeof made === 'string' ? skipped(scenarios[kind], made) : made;
  });
}
