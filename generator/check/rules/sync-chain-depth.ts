import { callChains } from '../call-chains.js';
import type { Rule } from '../rule.js';

/** Calls in a row, the one of a frontend not counted. */
const limit = 2;

/** Measures every chain of required calls. */
export const syncChainDepth: Rule = {
  id: 'sync-chain-depth',
  severity: 'info',
  title: `No request waits for more than ${limit} services behind each other.`,
  why: 'A chain is as slow as the sum of its members and as available as their product: of five services at 99.9 % one or the other is down half a day in a hundred.',
  fix: 'Keep a copy where the data is read, or continue by an event.',
  requirements: ['SE-55', 'DH-71'],
  *check(model) {
    for (const chain of callChains(model)) {
      const edges = chain.edges.filter((edge) => model.services.get(edge.from)?.role !== 'frontend');
      const [first, ...others] = edges;
      if (first === undefined || edges.length <= limit) continue;
      yield {
        at: first.at,
        message: `${edges.length} calls wait for each other: ${chain.services.map((name) => `"${name}"`).join(' -> ')}; more than ${limit} is advised against.`,
        subject: `chain:${chain.services.join('->')}`,
        related: others.map((edge) => ({ at: edge.at, message: `"${edge.from}" calls "${edge.to}"` })),
        fix: `let "${first.from}" keep a copy of what "${edges.at(-1)?.to}" owns, or let "${edges.at(-1)?.from}" continue by an event.`,
      };
    }
  },
};
