import type { KeptMix } from './kept-mix.js';
import { otherVersion } from './revisions.js';

/** Which revisions meet in a plan, and who is replaced when, as sentences. `to`: the service that the plan is about. */
export function mixInWords(mixed: KeptMix, to: string): readonly string[] {
  const old = `old is ${mixed.revision}`;
  if (mixed.kind === 'calls') return [old, `${mixed.client} ${mixed.from} calls ${otherVersion(mixed.client)} ${to}`];
  const named = { from: mixed.from, to, others: 'everybody else' };
  return [
    old,
    `at first: ${mixed.start.from} ${mixed.from}, ${mixed.start.to} ${to}`,
    ...mixed.deploys.map(
      ({ at, end, version, downMs }) => `at ${at} ms: ${named[end]} becomes ${version}, and is away for ${downMs} ms`,
    ),
  ];
}
