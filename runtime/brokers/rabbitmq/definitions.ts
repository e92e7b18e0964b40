import type { Topology } from '../broker.js';
import { layoutOf } from './layout.js';

export interface RabbitmqDefinitionsOptions {
  /** Virtual host of everything. Default `/`. */
  readonly vhost?: string;
}

/**
 * Content of a `definitions.json` for `rabbitmqctl import_definitions` or `load_definitions`: all that `declare` would declare, neither users nor
 * permissions. The same topology gives the same value, keys in the same order. Throws `UsageError` as `declare` does.
 */
export function rabbitmqDefinitions(topology: Topology, options: RabbitmqDefinitionsOptions = {}): RabbitmqDefinitions {
  const { vhost = '/' } = options;
  const { exchanges, queues, bindings } = layoutOf(topology);
  return {
    vhosts: [{ name: vhost }],
    exchanges: exchanges.map(({ name, type, arguments: args }) => ({
      ...{ name, vhost, type, durable: true, auto_delete: false, internal: false, arguments: args },
    })),
    queues: queues.map(({ name, arguments: args }) => ({
      ...{ name, vhost, durable: true, auto_delete: false, arguments: args },
    })),
    bindings: bindings.map(({ source, destination, destinationType, key }) => ({
      ...{ source, vhost, destination, destination_type: destinationType, routing_key: key, arguments: {} },
    })),
  };
}

type Arguments = Readonly<Record<string, string | number | boolean>>;

/** The parts of a definitions file that a topology fills. */
export interface RabbitmqDefinitions {
  readonly vhosts: readonly { readonly name: string }[];
  readonly exchanges: readonly {
    readonly name: string;
    readonly vhost: string;
    readonly type: string;
    readonly durable: boolean;
    readonly auto_delete: boolean;
    readonly internal: boolean;
    readonly arguments: Arguments;
  }[];
  readonly queues: readonly {
    readonly name: string;
    readonly vhost: string;
    readonly durable: boolean;
    readonly auto_delete: boolean;
    readonly arguments: Arguments;
  }[];
  readonly bindings: readonly {
    readonly source: string;
    readonly vhost: string;
    readonly destination: string;
    readonly destination_type: 'queue' | 'exchange';
    readonly routing_key: string;
    readonly arguments: Arguments;
  }[];
}
