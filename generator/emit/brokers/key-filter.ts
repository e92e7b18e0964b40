import type { Queue, Topology } from '../../../runtime/brokers/broker.js';

/** What a subscription of a cloud broker takes by the attribute `routing_key`: these keys, and keys that begin so. */
export interface KeyFilter {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
}

/**
 * Bindings of a queue to one exchange as such a filter; undefined when everything is taken. Cloud brokers know no `*` within a key: what stands behind it is left
 * out, and the service acknowledges the few messages that it did not ask for.
 */
export function keyFilter(topology: Topology, queue: Queue, exchange: string): KeyFilter | undefined {
  const isFanout = topology.exchanges.some(({ name, kind }) => name === exchange && kind === 'fanout');
  if (isFanout) return undefined;
  const patterns = queue.bindings.filter((binding) => binding.exchange === exchange).map(({ key }) => key);
  const literal = patterns.filter((pattern) => !/[*#]/.test(pattern));
  const prefixes = [...new Set(patterns.flatMap((pattern) => /^([^*#]*)[*#]/.exec(pattern)?.[1] ?? []))];
  if (prefixes.includes('')) return undefined;
  return { keys: [...new Set(literal)].sort(), prefixes: prefixes.sort() };
}
