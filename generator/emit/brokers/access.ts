import type { Queue, Topology } from '../../../runtime/brokers/broker.js';
import { controlExchange, controlTopology } from '../../../runtime/sync/control.js';
import type { Model } from '../../model/types.js';
import { type ServiceFacts, servicesToEmit } from '../service-facts.js';
import { sentBy, systemTopology, topologyOf } from '../topology.js';

/** What one service does with the broker, and so what its account must be allowed to; nothing else. */
export interface ServiceAccess {
  readonly service: string;
  /** What it declares at its start: its own queues and every exchange that it uses. */
  readonly topology: Topology;
  /** Keys are patterns: a parameter of an address is a `*`. */
  readonly publishes: readonly { readonly exchange: string; readonly key: string }[];
  /** Queues of anybody that get what it publishes. */
  readonly reaches: readonly Queue[];
}

/** Every service that sends or takes messages, in the order of the system. */
export function brokerAccess(model: Model): readonly ServiceAccess[] {
  const all = systemTopology(model);
  return servicesToEmit(model)
    .map((facts) => {
      const publishes = publishedBy(model, facts);
      const reaches = all.queues.filter((queue) =>
        queue.bindings.some((binding) =>
          publishes.some(
            ({ exchange, key }) =>
              exchange === binding.exchange && (isFanout(all, exchange) || patternsMeet(binding.key, key)),
          ),
        ),
      );
      return { service: facts.service.name, topology: declaredBy(model, facts), publishes, reaches };
    })
    .filter(({ topology, publishes }) => topology.queues.length + publishes.length > 0);
}

function declaredBy(model: Model, facts: ServiceFacts): Topology {
  const own = topologyOf(model, facts);
  if (facts.owned.length + facts.copies.length === 0) return own;
  const control = controlTopology(model.system, facts.service.name);
  return { exchanges: [...own.exchanges, ...control.exchanges], queues: [...own.queues, ...control.queues] };
}

/** Its messages, and the requests of its copies to the owners. */
function publishedBy(model: Model, facts: ServiceFacts): ServiceAccess['publishes'] {
  const owners = new Set(facts.copies.map(({ entity }) => entity.owner));
  const all = [
    ...sentBy(model, facts).map(({ exchange, key }) => ({
      exchange: exchange.name,
      key: key.replace(/\{[^}]*\}/g, '*'),
    })),
    ...[...owners].map((owner) => ({ exchange: controlExchange(model.system), key: owner })),
  ];
  const distinct = new Map(all.map((one) => [`${one.exchange} ${one.key}`, one]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function isFanout({ exchanges }: Topology, name: string): boolean {
  return exchanges.some((exchange) => exchange.name === name && exchange.kind === 'fanout');
}

/** Whether some key fits both patterns. A word with a `*` in it is taken for any word. */
function patternsMeet(one: string, other: string): boolean {
  const [left, right] = [one.split('.'), other.split('.')];
  if (left.includes('#') || right.includes('#')) return true;
  const meets = (a: string, b: string): boolean => a === b || a.includes('*') || b.includes('*');
  return left.length === right.length && left.every((word, index) => meets(word, right[index] ?? ''));
}
