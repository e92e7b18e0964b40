import { afterEach, beforeEach, expect, it } from 'vitest';
import { breakingCommand } from '../../generator/cli/commands/breaking.js';
import { bump } from '../../generator/cli/commands/bump.js';
import { raisedRange } from '../../generator/compat/bump/range.js';
import { ScratchRepository } from '../breaking/scratch-repository.js';
import { World } from './world.js';

const shared = `# What others use.
name:   shared
version: "1.0.0"   # raised by hand until now
type: shared
services: [{ name: shared, version: '1.0.0', role: shared }]
constants:
  LIMIT: 900
`;
const orders = `name: orders
version: 1.4.2
services: { desk: { version: 1.0.0 }, stock: { version: 3.1.0 } }
dependencies:
  desk: [ { shared: ">=1.0.0 <2" }, { stock: ^3.0.0 } ]   # both
  stock: { shared: ">=1.0.0" }
`;
const files = {
  'package.json': '{ "type": "module" }\n',
  'contracts/seamwright.yaml': 'seamwright: "1"\nsystem: shop\n',
  'contracts/shared/feature.yaml': shared,
  'contracts/orders/feature.yaml': orders,
};

let repository: ScratchRepository;
let world: World;

beforeEach(() => {
  repository = new ScratchRepository(files);
  repository.write({ 'contracts/shared/feature.yaml': shared.replace('900', '600') });
  world = new World();
});

afterEach(() => {
  world.remove();
  repository.remove();
});

const run = (options: Record<string, unknown> = {}) =>
  world.run(bump, options, [], { cwd: repository.dir, env: repository.env });

it('raises versions and ranges, and nothing around them', async () => {
  expect(await run()).toBe(0);
  expect(repository.read('contracts/shared/feature.yaml')).toBe(
    shared.replace('900', '600').replace('"1.0.0"', '"2.0.0"').replace("'1.0.0'", "'2.0.0'"),
  );
  expect(repository.read('contracts/orders/feature.yaml')).toBe(
    orders
      .replace('version: 1.4.2', 'version: 2.0.0')
      .replace('>=1.0.0 <2', '>=2.0.0 <3')
      // Who is hit has to ship as well.
      .replace('version: 1.0.0', 'version: 1.0.1')
      .replace('version: 3.1.0', 'version: 3.1.1'),
  );
  expect(world.text).toContain('contracts/shared/feature.yaml:3:10: feature "shared" 1.0.0 -> 2.0.0');
});

it('writes nothing the second time, and nothing when it is asked to', async () => {
  await run({ dryRun: true });
  expect(world.text).toContain('nothing was written');
  expect(repository.read('contracts/orders/feature.yaml')).toBe(orders);
  await run();
  const written = [...Object.keys(files)].map((path) => repository.read(path));
  expect(await run({ format: 'json' })).toBe(0);
  expect(JSON.parse(world.text)).toEqual({ written: true, edits: [], findings: [] });
  expect([...Object.keys(files)].map((path) => repository.read(path))).toEqual(written);
});

it('leaves breaking nothing to say about versions', async () => {
  const rules = async (): Promise<readonly string[]> => {
    await world.run(breakingCommand, { format: 'json' }, [], { cwd: repository.dir, env: repository.env });
    const { findings } = JSON.parse(world.text) as { findings: { rule: string }[] };
    return findings.map(({ rule }) => rule);
  };
  expect(await rules()).toEqual(expect.arrayContaining(['version-not-bumped', 'version-range-left']));
  await run();
  const after = await rules();
  expect(after).not.toContain('version-not-bumped');
  expect(after).not.toContain('version-range-left');
});

it('follows an anchor, and says which version it cannot write', async () => {
  const anchored = shared.replace('"1.0.0"', '&v "1.0.0"').replace("'1.0.0'", '*v');
  const elsewhere = shared.replace('"1.0.0"', '*v').replace('type: shared', 'type: shared\nx-first: &v "1.0.0"');
  for (const [text, exitCode, written] of [
    [anchored, 0, anchored.replace('900', '600').replace('&v "1.0.0"', '&v "2.0.0"')],
    [`x-first: &v "1.0.0"\n${elsewhere.replace('x-first: &v "1.0.0"\n', '')}`, 1, undefined],
  ] as const) {
    repository.commit({ 'contracts/shared/feature.yaml': text });
    repository.write({ 'contracts/shared/feature.yaml': text.replace('900', '600') });
    expect(await run({ against: 'HEAD' })).toBe(exitCode);
    if (written !== undefined) expect(repository.read('contracts/shared/feature.yaml')).toBe(written);
    else expect(world.text).toContain('error bump-not-possible: feature "shared" stays at 1.0.0');
  }
});

it('exits 2 without a revision', async () => {
  expect(await run({ against: 'nowhere' })).toBe(2);
  expect(repository.read('contracts/orders/feature.yaml')).toBe(orders);
});

it.each([
  ['^1.2.0', '2.0.0', '^2.0.0'],
  ['~1.2', '2.0.0', '~2.0.0'],
  ['1.2.3', '2.0.0', '2.0.0'],
  ['1.x', '2.0.0', '2.x'],
  ['1', '2.1.0', '2'],
  ['>=1.0.0 <2', '2.0.0', '>=2.0.0 <3'],
  ['>=1.0.0 <2.0.0', '2.0.0', '>=2.0.0 <3.0.0'],
  ['>=0.4.0 <0.5', '0.5.0', '>=0.5.0 <0.6'],
  ['^0.4.0', '0.5.0', '^0.5.0'],
  ['^1.0.0 || ^2.0.0', '3.0.0', '^1.0.0 || ^2.0.0 || >=3.0.0 <4.0.0'],
  ['<2', '2.0.0', '>=2.0.0 <3'],
  ['>=1.0.0', '2.0.0', '>=1.0.0'],
  ['1.0.0 - 1.9.9', '2.0.0', '>=2.0.0 <3.0.0'],
])('%s becomes, for %s, %s', (range, version, raised) => {
  expect(raisedRange(range, version)).toBe(raised);
});
