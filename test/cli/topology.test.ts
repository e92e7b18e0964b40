import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { CommandInput, ExitCode } from '../../generator/cli/command.js';
import { topology } from '../../generator/cli/commands/topology.js';
import { applyCommand } from '../../generator/cli/topology/apply.js';
import { diffCommand, type OnBroker } from '../../generator/cli/topology/diff.js';
import { loadWorkspace } from '../../generator/load/workspace.js';
import { buildModel } from '../../generator/model/build.js';
import type { Broker } from '../../runtime/brokers/broker.js';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import { UsageError } from '../../runtime/errors.js';
import { shop, World } from './world.js';

const world = new World().write(shop);
afterAll(() => world.remove());

/** The contracts of the shop beside a broker. */
async function onBroker(broker: Broker = memoryBroker()): Promise<OnBroker> {
  const dir = join(world.cwd, 'contracts/shop');
  const { workspace } = await loadWorkspace('.', { cwd: dir, project: world.cwd, validate: 'fast' });
  if (workspace === undefined) throw new Error('the shop has no contracts');
  return { model: buildModel(workspace).model, broker };
}

type Command = (input: CommandInput, place: OnBroker) => Promise<ExitCode>;

const run = (command: Command, place: OnBroker, options: CommandInput['options'] = {}): Promise<ExitCode> =>
  world.run((input) => command(input, place), options);

describe('topology diff', () => {
  it('names what is missing, the queues of the runtime included, with what mends it, and exits 1', async () => {
    expect(await run(diffCommand, await onBroker())).toBe(1);
    expect(world.text).toMatch(/^missing queue "shop\.events": .+\n {2}fix: .+$/m);
    expect(world.text).toMatch(/^missing queue "catalogue\.control": /m);
    expect(world.text).toMatch(/differs from the contracts of "shop" in \d+ places$/);
  });

  it('says that all is there, and nothing at all when asked to be quiet', async () => {
    const place = await onBroker();
    await run(applyCommand, place);
    expect(await run(diffCommand, place)).toBe(0);
    expect(world.text).toBe('memory has what the contracts of "shop" say');
    expect(await run(diffCommand, place, { quiet: true })).toBe(0);
    expect(world.text).toBe('');
  });

  it('finds what was declared otherwise', async () => {
    const place = await onBroker();
    await place.broker.declare({ exchanges: [{ name: 'shop.events', kind: 'fanout' }], queues: [] });
    expect(await run(diffCommand, place)).toBe(1);
    expect(world.text).toContain('different exchange "shop.events"');
  });

  it('is one JSON document for programs', async () => {
    expect(await run(diffCommand, await onBroker(), { format: 'json' })).toBe(1);
    const told = JSON.parse(world.text) as { system: string; broker: string; differences: { command: string }[] };
    expect(told).toMatchObject({ system: 'shop', broker: 'memory' });
    expect(told.differences.length).toBeGreaterThan(2);
    expect(Object.keys(told.differences[0] ?? {}).sort()).toEqual(['command', 'detail', 'kind', 'name', 'resource']);
  });

  it('lets nothing that stands in a broker move the cursor', async () => {
    const place = await onBroker();
    const hostile = { name: 'a\u001b[2Jb', detail: 'one\ntwo', command: 'rm\u0007' };
    vi.spyOn(place.broker.admin, 'diff').mockResolvedValue([{ kind: 'extra', resource: 'queue', ...hostile }]);
    await run(diffCommand, place);
    expect(world.text).toContain('extra queue "a [2Jb": one two\n  fix: rm');
  });
});

describe('topology apply', () => {
  it('declares what is missing and says so', async () => {
    const place = await onBroker();
    expect(await run(applyCommand, place)).toBe(0);
    expect(world.text).toContain('made queue "shop.events"');
    expect(world.text).toMatch(/has what the contracts of "shop" say$/);
    expect(await run(applyCommand, place)).toBe(0);
    expect(world.text).not.toContain('made');
  });

  it('declares nothing in a dry run', async () => {
    const place = await onBroker();
    expect(await run(applyCommand, place, { dryRun: true })).toBe(0);
    expect(world.text).toContain('missing queue "shop.events"');
    expect(await run(diffCommand, place)).toBe(1);
  });

  it('shows what is left when the broker refuses, and exits 1', async () => {
    const place = await onBroker();
    await place.broker.declare({ exchanges: [{ name: 'shop.events', kind: 'fanout' }], queues: [] });
    vi.spyOn(place.broker, 'declare').mockRejectedValue(new UsageError('the exchange "shop.events" is a fanout'));
    expect(await run(applyCommand, place)).toBe(1);
    expect(world.err).toEqual(['error: the exchange "shop.events" is a fanout.']);
    expect(world.text).toContain('different exchange "shop.events"');
    expect(await run(applyCommand, place, { format: 'json' })).toBe(1);
    expect(JSON.parse(world.text)).toMatchObject({ made: [], refused: 'the exchange "shop.events" is a fanout' });
  });
});

describe('the command', () => {
  it('knows two actions', async () => {
    expect(await world.run(topology, {}, ['aply'])).toBe(2);
    expect(world.err.join('\n')).toContain('Did you mean "apply"?');
  });

  it('cannot look into a broker that lives inside its services', async () => {
    expect(await world.run(topology, {}, ['diff'])).toBe(2);
    expect(world.err.join('\n')).toContain('--broker');
  });
});
