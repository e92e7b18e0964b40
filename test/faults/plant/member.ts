import { brokerFor } from '../../../runtime/brokers/registry.js';
import type { Clock } from '../../../runtime/clock.js';
import { systemClock } from '../../../runtime/clock.js';
import type { Copy } from '../../../runtime/copies.js';
import type { EffectContext, ServiceDefinition } from '../../../runtime/definition.js';
import type { Logger } from '../../../runtime/log.js';
import type { OwnedEntity } from '../../../runtime/owned.js';
import { createService, type Service } from '../../../runtime/service.js';
import type { ServiceTransaction } from '../../../runtime/service-transaction.js';
import { storeFor } from '../../../runtime/stores/registry.js';
import { chanceOf } from '../../runtime/soak/chance.js';
import type { Entity, Paid } from '../../runtime/soak/system.js';
import { definitions, type ServiceName } from './definitions.js';
import type { Ports } from './steps.js';

export type Tx = ServiceTransaction &
  Readonly<Record<'Company' | 'Employee' | 'Tally', OwnedEntity<Entity>>> & {
    readonly publish: { Paid(message: Paid): Promise<void> };
  };
export type Running = Service<Tx, Readonly<Record<string, Copy<Entity>>>>;

/** One thing that an owner does, in a transaction of its own. To do it twice leaves the same truth. */
export type Action =
  | { readonly do: 'save'; readonly entity: 'Company' | 'Employee'; readonly state: Entity }
  | { readonly do: 'delete'; readonly entity: 'Company' | 'Employee'; readonly id: string }
  | { readonly do: 'pay'; readonly message: Paid }
  | { readonly do: 'force'; readonly entity: 'Company' | 'Employee'; readonly id: string }
  | { readonly do: 'request'; readonly entity: 'Company'; readonly id: string };

export interface MemberOptions {
  readonly service: ServiceName;
  readonly brokerUrl: string;
  readonly databaseUrl: string;
  /** Decides which handlers fail. */
  readonly seed: number;
  /** Share of the handlers that fail after they have done their work, 0 to 1. Default 0. */
  readonly failing?: number;
  readonly prefetch?: number;
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly definition?: ServiceDefinition;
  readonly around?: (ports: Ports) => Ports;
}

/** A running service of the plant. */
export interface Member {
  perform(actions: readonly Action[]): Promise<void>;
  readonly service: Running;
  /** Lets messages in work finish, and closes its connections. */
  stop(): Promise<void>;
}

/** Opens connections of its own and starts the service. Rejects with the first error, and leaves nothing open. */
export async function openMember(options: MemberOptions): Promise<Member> {
  const { service: name, brokerUrl, databaseUrl, seed, clock = systemClock, prefetch = 4 } = options;
  const definition = options.definition ?? definitions[name];
  const broker = await brokerFor(brokerUrl);
  const store = storeFor(databaseUrl, name);
  const chance = chanceOf(seed, clock);
  const handle = (prefix: string) => tally(prefix, () => chance.happens(options.failing ?? 0));
  const handlers = definition.effects.length === 0 ? {} : { onPaid: handle(''), onPaidToo: handle('too ') };
  const ports = options.around?.({ broker, store }) ?? { broker, store };
  const service = createService<Tx, Readonly<Record<string, Copy<Entity>>>>(definition, {
    ...{ ...ports, clock, prefetch, handlers },
    ...(options.log && { log: options.log }),
  });
  const stop = async (): Promise<void> => {
    await service.stop();
    await broker.close();
    await store.close();
  };
  try {
    await service.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    service,
    stop,
    async perform(actions) {
      for (const action of actions) await perform(service, action);
    },
  };
}

async function perform(service: Running, action: Action): Promise<void> {
  if (action.do === 'force') await service.sync.force(action.entity, action.id);
  else if (action.do === 'request') await service.sync.request(action.entity, action.id);
  else await service.transaction((tx) => change(tx, action));
}

function change(tx: Tx, action: Extract<Action, { readonly do: 'save' | 'delete' | 'pay' }>): Promise<void> {
  if (action.do === 'save') return tx[action.entity].save(action.state);
  if (action.do === 'delete') return tx[action.entity].deleted(action.id);
  return tx.publish.Paid(action.message);
}

/** Counts the payment, and fails now and then after having done so. */
function tally(prefix: string, fails: () => boolean) {
  return async ({ event, tx }: EffectContext<Paid, Tx>): Promise<void> => {
    const id = `${prefix}${event.payment}`;
    const before = await tx.Tally.get(id);
    await tx.Tally.save({ id, name: `${Number(before?.name ?? 0) + 1}`, parent: '', active: true });
    if (fails()) throw new Error('bad luck');
  };
}
