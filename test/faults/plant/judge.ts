import type { Broker, Queue } from '../../../runtime/brokers/broker.js';
import { deadLetterHeaders } from '../../../runtime/brokers/dead-letter.js';
import type { ReplicaDefinition } from '../../../runtime/definition.js';
import type { OwnedState, Store } from '../../../runtime/stores/store.js';
import { controlTopology } from '../../../runtime/sync/control.js';
import type { Entity } from '../../runtime/soak/system.js';
import { definitions, type ServiceName, serviceNames } from './definitions.js';
import type { Truth } from './truth.js';

/** What is looked at, from outside of all services. */
export interface Scene {
  readonly broker: Broker;
  readonly stores: Readonly<Record<ServiceName, Store>>;
}

/** What is not done yet, one line each; empty when all queues, outboxes and parking places are. Messages in work show only once their services have stopped. */
export async function unfinished({ broker, stores }: Scene): Promise<readonly string[]> {
  const open: string[] = [];
  const note = (what: string, count: number): void => {
    if (count > 0) open.push(`${what}: ${count}`);
  };
  for (const name of serviceNames) {
    for (const queue of queuesOf(name)) {
      const depth = await broker.admin.depth(queue);
      note(`ready in ${queue.name}`, depth?.ready ?? 0);
      note(`delayed in ${queue.name}`, depth?.delayed ?? 0);
      note(`in flight in ${queue.name}`, depth?.inFlight ?? 0);
    }
    await stores[name].transaction(async (tx) => {
      note(`outbox of ${name}`, (await tx.outboxBacklog()).count);
      for (const consumer of consumersOf(name)) note(`parked for ${consumer}`, await tx.countParked(consumer));
    });
  }
  return open;
}

/** What is wrong once everything is done, one line each: `copy`, `version`, `effect`, `claim` or `dead letter` in front. Empty when all promises are kept. */
export async function judge(scene: Scene, truth: Truth): Promise<readonly string[]> {
  return [
    ...(await ownersTell(scene, truth)),
    ...(await copiesAgree(scene, truth)),
    ...(await effectsHappenOnce(scene, truth)),
    ...(await deadLettersArePoison(scene, truth)),
  ];
}

const owners = { Company: 'a', Employee: 'b' } as const;

/** That what was committed is what was asked for. */
async function ownersTell({ stores }: Scene, { live }: Truth): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [entity, owner] of Object.entries(owners)) {
    const told = await everyOwned(stores[owner], entity);
    const wanted = wantedOf(live, entity, () => true);
    const present = new Map([...told].filter(([, { deleted }]) => !deleted).map(([id, { state }]) => [id, state]));
    wrong.push(...differences(`owner ${owner} of ${entity}`, present, wanted));
  }
  return wrong;
}

async function copiesAgree(scene: Scene, { live }: Truth): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const name of serviceNames) {
    for (const definition of Object.values(definitions[name].copies)) {
      const { entity, table } = definition;
      const kept = (state: Entity): boolean => definition.when?.(state) !== false;
      const wanted = wantedOf(live, entity, kept, ({ id, name: called, parent }) => ({ id, name: called, parent }));
      const rows = await scene.stores[name].transaction((tx) => tx.listReplica(table, { limit: 100_000 }));
      wrong.push(...differences(`copy ${definition.name}`, new Map(rows.map((row) => [String(row.id), row])), wanted));
      wrong.push(...(await versionsAgree(scene, name, definition)));
    }
  }
  return wrong;
}

/** Rows may agree by luck: every told version has to be the one that the copy keeps, tombstones included. */
async function versionsAgree(
  scene: Scene,
  name: ServiceName,
  definition: ReplicaDefinition,
): Promise<readonly string[]> {
  const { entity, table } = definition;
  const told = await everyOwned(scene.stores[owners[entity as keyof typeof owners]], entity);
  const page = { bucket: 0, buckets: 1, limit: 100_000 };
  const kept = await scene.stores[name].transaction((tx) => tx.listReplicaVersions(table, page));
  const versions = new Map(kept.map(({ id, version }) => [id, `${version.epoch}/${version.sequence}`]));
  return [...told].flatMap(([id, { version }]) => {
    const wanted = `${version.epoch}/${version.sequence}`;
    return versions.get(id) === wanted
      ? []
      : [`version of ${entity} ${id} in ${definition.name} is ${versions.get(id) ?? 'unknown'}, told was ${wanted}`];
  });
}

async function effectsHappenOnce({ stores }: Scene, { payments }: Truth): Promise<readonly string[]> {
  const tallies = await everyOwned(stores.c, 'Tally');
  const wrong: string[] = [];
  await stores.c.transaction(async (tx) => {
    for (const payment of payments) {
      for (const [consumer, id] of [
        ['c.onPaid', payment],
        ['c.onPaidToo', `too ${payment}`],
      ] as const) {
        const times = Number((tallies.get(id)?.state as Entity | undefined)?.name ?? 0);
        if (times !== 1) wrong.push(`effect ${consumer} of ${payment} happened ${times} times`);
        const claimed = await tx.claimed(consumer, payment);
        if (claimed !== times > 0) wrong.push(`claim of ${payment} by ${consumer}: ${claimed}, effects: ${times}`);
      }
    }
  });
  const known = [...payments].flatMap((payment) => [payment, `too ${payment}`]);
  const invented = [...tallies.keys()].filter((id) => !known.includes(id));
  return [...wrong, ...invented.map((id) => `effect ${id} of no payment`)];
}

async function deadLettersArePoison({ broker }: Scene, { poison }: Truth): Promise<readonly string[]> {
  const wrong: string[] = [];
  const seen = new Set<string>();
  for (const name of serviceNames) {
    for (const queue of queuesOf(name)) {
      for (const { headers } of await broker.admin.deadLetters(queue, { limit: 100_000 })) {
        const id = headers['ce-id'] ?? '';
        const reason = headers[deadLetterHeaders.reason];
        seen.add(id);
        if (poison.get(id) === reason && name === 'c') continue;
        wrong.push(`dead letter ${id} in ${queue.name}: ${reason} instead of ${poison.get(id) ?? 'none'}`);
      }
    }
  }
  const gone = [...poison.keys()].filter((id) => !seen.has(id));
  return [...wrong, ...gone.map((id) => `dead letter ${id} is missing`)];
}

function consumersOf(name: ServiceName): readonly string[] {
  const { copies, effects } = definitions[name];
  return [...Object.values(copies), ...effects].map((consumer) => consumer.name);
}

function queuesOf(name: ServiceName): readonly Queue[] {
  const { topology, system } = definitions[name];
  return [...topology.queues, ...controlTopology(system, name).queues];
}

async function everyOwned(store: Store, entity: string): Promise<ReadonlyMap<string, OwnedState>> {
  const rows = await store.transaction((tx) => tx.listOwned(entity, { limit: 100_000 }));
  return new Map(rows.map(({ id, ...state }) => [id, state]));
}

function wantedOf(
  live: ReadonlyMap<string, Entity>,
  entity: string,
  kept: (state: Entity) => boolean,
  project: (state: Entity) => object = (state) => state,
): ReadonlyMap<string, object> {
  const states = [...live].filter(([key, state]) => key.startsWith(`${entity} `) && kept(state));
  return new Map(states.map(([, state]) => [state.id, project(state)]));
}

function differences(
  what: string,
  present: ReadonlyMap<string, unknown>,
  wanted: ReadonlyMap<string, unknown>,
): readonly string[] {
  const ids = [...new Set([...present.keys(), ...wanted.keys()])].sort();
  return ids.flatMap((id) => {
    const [is, should] = [sorted(present.get(id)), sorted(wanted.get(id))];
    return is === should ? [] : [`${what}, ${id}: ${is} instead of ${should}`];
  });
}

function sorted(value: unknown): string {
  if (value === undefined) return 'none';
  return JSON.stringify(Object.fromEntries(Object.entries(Object(value)).sort(([x], [y]) => (x < y ? -1 : 1))));
}
