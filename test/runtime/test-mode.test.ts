import { afterEach, describe, expect, it, vi } from 'vitest';
import { createServer } from '../../runtime/http/server.js';
import { companyWire, deliver, published } from './world/messages.js';
import { startWorld, type World } from './world/world.js';

let world: World | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await world?.stop();
  world = undefined;
});

const server = createServer({ service: 'surveys', basePath: '', operations: [] }, {});

async function ask(path: string, wish?: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
  const body = typeof wish === 'string' ? wish : JSON.stringify(wish);
  const request = new Request(`http://s.example${path}`, wish === undefined ? {} : { method: 'POST', body });
  // The store answers in virtual time.
  const response = await (world?.run(server.fetch(request)) ?? server.fetch(request));
  return { status: response.status, body: await response.json() };
}

const [statePath, publishPath] = ['/__seamwright/state', '/__seamwright/publish'];
const tally = { entity: 'Tally', op: 'created', state: { id: 't1', count: 3 } };

describe('test mode', () => {
  it.each(['', '0', 'true'])('is off with SEAMWRIGHT_TEST_MODE="%s"', async (value) => {
    vi.stubEnv('SEAMWRIGHT_TEST_MODE', value);
    world = await startWorld();
    expect((await ask(statePath)).status).toBe(404);
    expect((await ask(publishPath, tally)).status).toBe(404);
    await world.settle();
    expect(published(world, 'TallyChanged')).toEqual([]);
  });

  it('shows what a service holds, tombstones and versions included', async () => {
    vi.stubEnv('SEAMWRIGHT_TEST_MODE', '1');
    world = await startWorld();
    await deliver(world, companyWire({ id: 'c1', sequence: 2 }), companyWire({ id: 'c2', sequence: 5, op: 'deleted' }));
    await world.settle();
    const { status, body } = await ask(statePath);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      copies: {
        Company: [
          { id: 'c1', version: { epoch: 0, sequence: '2', tie: '' }, deleted: false, fields: { name: 'company 2' } },
          { id: 'c2', version: { sequence: '5' }, deleted: true },
        ],
      },
      parked: [],
      outbox: 0,
    });
  });

  it('makes a service tell a change of its own, under the given correlation id', async () => {
    vi.stubEnv('SEAMWRIGHT_TEST_MODE', '1');
    world = await startWorld();
    expect((await ask(publishPath, { ...tally, correlationId: 'flow-7' })).status).toBe(202);
    await world.settle();
    const [told, ...more] = published(world, 'TallyChanged');
    expect(more).toEqual([]);
    expect(told).toMatchObject({ data: { id: 't1', count: 3 }, correlationid: 'flow-7', sequence: '1' });
    expect(JSON.stringify((await ask(statePath)).body)).toContain('"Tally":[{"id":"t1"');
  });

  it.each([
    ['no JSON', /JSON/],
    [{ entity: 'Company', op: 'created', state: {} }, /surveys owns no "Company"/],
    [{ ...tally, op: 'merged' }, /"op" is created, updated or deleted, not "merged"/],
    [{ event: 'Farewell', message: {} }, /surveys publishes no "Farewell"/],
    [{ ...tally, state: { id: 't1' } }, /TallyChanged/],
  ])('refuses %j with a sentence', async (wish, sentence) => {
    vi.stubEnv('SEAMWRIGHT_TEST_MODE', '1');
    world = await startWorld();
    const { status, body } = await ask(publishPath, wish);
    expect(status).toBe(422);
    expect(String(Reflect.get(Object(body), 'detail'))).toMatch(sentence);
  });

  it('ends with the service', async () => {
    vi.stubEnv('SEAMWRIGHT_TEST_MODE', '1');
    world = await startWorld();
    await world.run(world.surveys.stop());
    expect((await ask(statePath)).status).toBe(404);
  });
});
