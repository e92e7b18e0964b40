import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { generate } from '../../generator/cli/commands/generate.js';
import { shop, World } from '../cli/world.js';

const world = new World().write(shop);
const feature = 'contracts/shop/products/feature.yaml';
const consumers = world.path('generated/shop/shop/consumers.gen.ts');

afterEach(() => world.remove());

it('generates again when a contract changes, survives one that is broken, and stops when asked', async () => {
  let stop = (): void => {};
  const interrupted = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const watching = world.run(generate, { watch: true }, [], { interrupted: () => interrupted });
  await vi.waitFor(() => expect(world.err.join()).toContain('watching for changes'), 30_000);
  const before = readFileSync(world.path(feature), 'utf8');
  // The watcher reports what changes after it has looked around once.
  await vi.waitFor(
    () => {
      world.write({ [feature]: before.replace('[shop]', '[{ service: shop, as: Shelf }]') });
      expect(readFileSync(consumers, 'utf8')).toContain('interface Shelf');
    },
    { timeout: 30_000, interval: 500 },
  );
  world.write({ [feature]: 'name: [\n' });
  await vi.waitFor(() => expect(world.text).toContain('yaml-syntax'), 30_000);
  expect(readFileSync(consumers, 'utf8')).toContain('interface Shelf');
  world.write({ [feature]: before });
  await vi.waitFor(() => expect(readFileSync(consumers, 'utf8')).not.toContain('interface Shelf'), 30_000);
  stop();
  expect(await watching).toBe(0);
});
