import type { Broker } from '../../runtime/brokers/broker.js';
import { systemClock } from '../../runtime/clock.js';
import { silentLogger } from '../../runtime/log.js';
import type { Service } from '../../runtime/service.js';
import { memoryStore } from '../../runtime/stores/memory.js';
import { storeFor } from '../../runtime/stores/registry.js';
import type { Store } from '../../runtime/stores/store.js';
import type { Subject } from '../subject.js';
import { identityOf } from '../world/identities.js';
import { createFor } from '../world/roles.js';

/** The other services of the system, as far as a run meets them: played here, with their generated producers and consumers, on the real broker. */
export interface Cast {
  /** A service that tells changes and facts. Started when it is first asked for. */
  teller(service: string): Promise<Service>;
  /** Starts a service that keeps copies of what the one under test tells. */
  follow(service: string): Promise<void>;
  /** Database of a service, to look into. */
  storeOf(service: string): Store;
  readonly followers: readonly string[];
  /** Resolves when all that was told has left. */
  told(): Promise<void>;
  stop(): Promise<void>;
}

export interface CastOptions {
  readonly subject: Subject;
  /** The connection of a service: its messages go through it. */
  readonly broker: (service: string) => Broker;
  /** Without one, they keep what they know in memory. */
  readonly databaseUrl: string | undefined;
}

export function createCast({ subject, broker, databaseUrl }: CastOptions): Cast {
  const tellers = new Map<string, Promise<Service>>();
  const followers = new Map<string, Service>();
  const stores = new Map<string, Store>();

  function storeOf(service: string): Store {
    const known = stores.get(service) ?? (databaseUrl === undefined ? memoryStore() : storeFor(databaseUrl, service));
    stores.set(service, known);
    return known;
  }

  async function play(part: 'owner' | 'follower', service: string): Promise<Service> {
    const code = subject.services.get(service);
    if (code === undefined) throw new Error(`${service} has no generated code`);
    const security = identityOf(subject.model, service);
    const { service: played } = createFor(
      part,
      code,
    )({
      ...{ broker: broker(service), store: storeOf(service), clock: systemClock, log: silentLogger },
      ...(security !== undefined && { security }),
    });
    await played.start();
    return played;
  }

  return {
    storeOf,
    get followers() {
      return [...followers.keys()];
    },
    teller(service) {
      const known = tellers.get(service) ?? play('owner', service);
      tellers.set(service, known);
      return known;
    },
    async follow(service) {
      followers.set(service, await play('follower', service));
    },
    async told() {
      for (const teller of tellers.values()) await (await teller).settled();
    },
    async stop() {
      const all = await Promise.allSettled([...tellers.values(), ...followers.values()]);
      for (const one of all) if (one.status === 'fulfilled') await one.value.stop();
      for (const store of stores.values()) await store.close();
    },
  };
}
