import { callChains, tries } from '../call-chains.js';
import type { Rule } from '../rule.js';

/** Requests that one request may become at the end of a chain before somebody should look: two layers of three tries are one too many. */
const limit = 8;

/** Multiplies the tries along every chain of required calls. */
export const retryAmplification: Rule = {
  id: 'retry-amplification',
  severity: 'warning',
  title: 'Retries of several layers do not multiply.',
  why: 'Each layer repeats what the layer below has already repeated. The service at the end is hit hardest exactly when it is weakest, and cannot recover.',
  fix: 'Retry in one layer only, the one nearest to the failure.',
  requirements: ['SE-05', 'SE-66', 'DH-71'],
  *check(model) {
    const told = new Set<string>();
    for (const chain of callChains(model)) {
      const product = chain.edges.reduce((all, edge) => all * tries(edge), 1);
      const retrying = chain.edges.filter((edge) => tries(edge) > 1);
      const [first, ...others] = retrying;
      const identity = retrying.map((edge) => `${edge.from}->${edge.to}`).join(',');
      if (product <= limit || first === undefined || retrying.length < 2 || told.has(identity)) continue;
      told.add(identity);
      yield {
        at: first.at,
        message: `one call of "${chain.services[0]}" may reach "${chain.services.at(-1)}" ${product} times (${chain.edges.map(tries).join(' x ')} tries along ${chain.services.map((name) => `"${name}"`).join(' -> ')}); more than ${limit} is too many.`,
        subject: `chain:${chain.services.join('->')}`,
        related: others.map((edge) => ({
          at: edge.at,
          message: `${tries(edge)} tries from "${edge.from}" to "${edge.to}"`,
        })),
        fix: `keep the retry from "${retrying.at(-1)?.from}" to "${retrying.at(-1)?.to}" and write max_attempts: 1 above it.`,
      };
    }
  },
};
