import { failure, type PactFailure } from '../pact-result.js';
import type { TrackedInteraction } from './tracked-pacts.js';

/** What Pact found: how many interactions it looked at, and what did not match, by interaction. */
export interface VerifierFindings {
  readonly looked: ReadonlySet<string>;
  readonly mismatches: ReadonlyMap<string, readonly PactFailure[]>;
}

interface Mismatch {
  readonly path?: string;
  readonly key?: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly mismatch?: string;
  readonly type?: string;
}

interface Told {
  readonly errors?: readonly {
    readonly interaction: string;
    readonly mismatch?: { readonly mismatches?: readonly Mismatch[]; readonly message?: string };
  }[];
  readonly interactionResults?: readonly { readonly description: string }[];
}

/** Reads the verifier's report. Undefined when it is none: the verifier itself failed. */
export function readFindings(
  text: string,
  interactions: ReadonlyMap<string, TrackedInteraction>,
): VerifierFindings | undefined {
  let told: Told;
  try {
    told = JSON.parse(text) as Told;
  } catch {
    return undefined;
  }
  if (!Array.isArray(told.interactionResults)) return undefined;
  const looked = new Set(told.interactionResults.map(({ description }) => description));
  const mismatches = new Map<string, readonly PactFailure[]>();
  for (const { interaction: name, mismatch } of told.errors ?? []) {
    const id = name.split(' ').at(-1) ?? '';
    const title = interactions.get(id)?.title ?? name;
    const list = mismatch?.mismatches ?? [];
    const found = list.map((each) =>
      failure(title, each.mismatch ?? 'it does not match', {
        path: each.path ?? each.key ?? '',
        expected: each.expected,
        actual: each.actual,
      }),
    );
    const whole = failure(title, mismatch?.message ?? 'it could not be verified');
    mismatches.set(id, [...(mismatches.get(id) ?? []), ...(found.length === 0 ? [whole] : found)]);
  }
  return { looked, mismatches };
}
