import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { memoryBroker, type ServiceDefinition } from 'seamwright/runtime';
import { describe, expect, it } from 'vitest';
import { servicesToEmit } from '../../generator/emit/service-facts.js';
import { systemTopology } from '../../generator/emit/topology.js';
import { propertyAt } from '../../generator/model/payload.js';
import type { Model } from '../../generator/model/types.js';
import { serviceDefinition } from '../../generator/operate/definition.js';
import { messageDefinitions } from '../../generator/operate/message-definition.js';
import { runningSystem } from '../../generator/operate/system.js';
import { exampleOf } from './examples.js';
import { modelOf } from './system-model.js';

const GENERATED = join(import.meta.dirname, '../../generated');

/** What commands know of a service must be what its generated code says: compared on messages, since functions cannot be. */
describe.each(['easyplatform', 'dhanman'] as const)('definitions of %s, from the contracts alone', async (system) => {
  const model = await modelOf(system);
  const messages = messageDefinitions(model);
  for (const facts of servicesToEmit(model)) {
    const { name } = facts.service;
    it(name, async () => {
      const generated = await generatedDefinition(system, name);
      const made = serviceDefinition(model, facts, messages);
      expect(shapeOf(made)).toEqual(shapeOf(generated));
      let compared = 0;
      for (const [key, copy] of Object.entries(generated.copies)) {
        const own = made.copies[key];
        for (const message of samples(model, copy.message.name)) {
          for (const op of ['created', 'updated', 'deleted', undefined]) {
            expect(own?.deleted(message, op)).toBe(copy.deleted(message, op));
          }
          expect(own?.key(message)).toBe(copy.key(message));
          expect(own?.data(message)).toEqual(copy.data(message));
          expect(own?.when?.(message)).toBe(copy.when?.(message));
          expect(own?.version).toMatchObject({ kind: copy.version.kind });
          if (own?.version.kind === 'timestamp' && copy.version.kind === 'timestamp') {
            expect(own.version.of(message)).toBe(copy.version.of(message));
            expect(own.version.tie?.(message)).toBe(copy.version.tie?.(message));
          }
          expect(own?.awaits.map((wait) => wait.by(message) ?? null)).toEqual(
            copy.awaits.map((wait) => wait.by(message) ?? null),
          );
          expect(own?.message.validate(message)).toBe(copy.message.validate(message));
          compared += 1;
        }
      }
      for (const [index, effect] of generated.effects.entries()) {
        const own = made.effects[index];
        for (const message of samples(model, effect.message.name)) {
          expect(own?.idempotencyKey?.(message)).toBe(effect.idempotencyKey?.(message));
          expect(own?.when?.(message)).toBe(effect.when?.(message));
          expect(own?.guard?.key(message)).toBe(effect.guard?.key(message));
          compared += 1;
        }
      }
      for (const [key, entity] of Object.entries(generated.owned)) {
        const own = made.owned[key];
        for (const message of samples(model, entity.message.name)) {
          const { payload = '' } = model.entities.get(entity.entity) ?? {};
          const state = valueAt(message, payload);
          expect(own?.key(state)).toBe(entity.key(state));
          for (const previous of [null, state, { ...(state as object), isActive: false }]) {
            expect(own?.publishWhen?.(message, previous)).toBe(entity.publishWhen?.(message, previous));
          }
          compared += 1;
        }
      }
      expect(compared > 0 || Object.keys(shapeOf(generated).copies).length + generated.effects.length === 0).toBe(true);
    });
  }
});

it.each(['easyplatform', 'dhanman'] as const)(
  'the topology of %s has every queue that its services declare',
  async (system) => {
    const model = await modelOf(system);
    const { services } = runningSystem(model, {
      broker: memoryBroker(),
      store() {
        throw new Error('no database is asked');
      },
    });
    const declared = services.flatMap(({ queues }) => queues.map(({ name }) => name)).sort();
    expect(systemTopology(model).queues.map(({ name }) => name)).toEqual(declared);
    // Followers can be asked for a full sync, owners to tell again.
    expect(declared.filter((name) => name.endsWith('.control')).length).toBeGreaterThan(4);
  },
);

async function generatedDefinition(system: string, service: string): Promise<ServiceDefinition> {
  const folder = readdirSync(join(GENERATED, system)).find((one) => one === service);
  const module: Record<string, unknown> = await import(`../../generated/${system}/${folder}/service.gen.ts`);
  const found = Object.entries(module).find(([name]) => name.endsWith('Definition'));
  return found?.[1] as ServiceDefinition;
}

/** Everything of a definition that is no function; columns and published facts are nobody's business here. */
function shapeOf({ copies, effects, owned, topology, queue, commandQueue, system, service }: ServiceDefinition) {
  const plain = (value: object) =>
    JSON.parse(JSON.stringify(value, (key, inner) => (key === 'columns' || key === 'validate' ? undefined : inner)));
  const by = <T extends object>(all: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(all).map(([name, one]) => [name, plain(one)]));
  const queues = { topology, queue, commandQueue };
  return { copies: by(copies), effects: effects.map(plain), owned: by(owned), ...queues, system, service };
}

/** Messages of a contract: a dozen random ones, each also with flags and words turned. */
function samples(model: Model, message: string): readonly unknown[] {
  const payload = model.messages.get(message)?.definition.payload;
  if (payload === undefined || propertyAt(model, payload, '') === undefined) return [];
  return Array.from({ length: 12 }, (_, seed) => exampleOf(model, message, seed)).flatMap((one) => [one, turned(one)]);
}

/** Every flag the other way round, every second text empty: what filters and references look at. */
function turned(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner], index) => [
      key,
      key === 'crudAction' ? 'Deleted' : index % 2 === 1 && typeof inner === 'string' ? '' : turned(inner),
    ]),
  );
}

function valueAt(value: unknown, path: string): unknown {
  return path === ''
    ? value
    : path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], value);
}
