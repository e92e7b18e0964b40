import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hunt } from '../../harness/mutants/hunt.js';
import { fencesOf, fileNamedIn, ROOT, readPage } from '../docs/pages.js';

const page = readPage('docs/extending.md').text;
const registries = ['faults', 'invariants', 'scenarios'] as const;

/** A harness with the modules and the registry lines of the page; one of the registries may stay as it is. */
function extendedHarness(into: string, unregistered?: (typeof registries)[number]): void {
  mkdirSync(into);
  writeFileSync(join(into, 'package.json'), '{ "type": "module" }');
  for (const folder of ['generator', 'runtime', 'node_modules']) symlinkSync(join(ROOT, folder), join(into, folder));
  cpSync(join(ROOT, 'harness'), join(into, 'harness'), { recursive: true });
  for (const { language, text } of fencesOf(page)) {
    const path = fileNamedIn(text);
    if (language === 'ts' && path !== undefined) writeFileSync(join(into, path), text);
  }
  for (const name of registries) if (name !== unregistered) register(into, name);
}

/** Adds to a registry what the page adds to it: an import, and the line behind the one that it is shown behind. */
function register(into: string, name: string): void {
  const path = join(into, `harness/${name}/registry.ts`);
  const [, lines = ''] = new RegExp(`// harness/${name}/registry\\.ts\n((?:[+ ].+\n)+)`).exec(page) ?? [];
  const [imported = '', list = '', member = ''] = lines.split('\n').map((line) => line.slice(1));
  const before = readFileSync(path, 'utf8');
  const after = before.replace(`${list}\n`, `${list}\n${member}\n`);
  expect(after, `${name}: the line that the page shows is in the registry`).not.toBe(before);
  writeFileSync(path, `${imported}\n${after}`);
}

/** Hunts a service that writes whatever comes, then the same service without that mistake, in each of the folders. Three schedules: the simplest plan for each copy, without the other trouble of later ones. */
const program = `
  const found = {};
  for (const folder of process.argv.slice(1)) {
    const { loadSystem } = await import(folder + '/harness/system.ts');
    const { hunt } = await import(folder + '/harness/mutants/hunt.ts');
    const { overwriting } = await import(folder + '/harness/mutants/overwriting.ts');
    const { planInWords } = await import(folder + '/harness/report/words.ts');
    const system = await loadSystem({ workspace: 'contracts/easyplatform', cwd: process.cwd() });
    const subjects = [system.subject('text-snippet-surveys')];
    const right = { expected: ['written-once'], scenarios: ['thrice'], strikes: ['copy'] };
    const wrong = { ...right, store: (store) => overwriting(store, async () => true) };
    const caught = await hunt(wrong, subjects, { seed: 1, budget: 3 });
    const words = caught.plan === undefined ? [] : planInWords(caught.plan);
    found[folder] = { words, caught, clean: await hunt(right, subjects, { seed: 1, budget: 3 }) };
  }
  process.stdout.write(JSON.stringify(found));
`;

interface Found {
  readonly caught: Hunt;
  readonly words: readonly string[];
  readonly clean: Hunt;
}

describe('a fault, an invariant and a scenario of one’s own', () => {
  const root = mkdtempSync(join(tmpdir(), 'extending-'));
  const folders = {
    whole: join(root, 'whole'),
    ...Object.fromEntries(registries.map((name) => [name, join(root, name)])),
  };
  let found: Readonly<Record<string, Found>> = {};
  beforeAll(async () => {
    extendedHarness(folders.whole);
    for (const name of registries) extendedHarness(join(root, name), name);
    found = JSON.parse(await output(program, Object.values(folders))) as typeof found;
  }, 120_000);
  afterAll(() => rmSync(root, { recursive: true }));

  it('find a mistake together, told in their words and made as small as it goes', () => {
    const { caught, words } = found[folders.whole] ?? {};
    expect(caught).toMatchObject({
      killed: true,
      invariant: 'written-once',
      scenario: 'thrice',
      messages: 1,
      faults: 1,
    });
    expect(caught?.sentence).toMatch(/^A message was written to a copy of \w+ twice\.$/);
    expect(words?.at(-1)).toBe('fault: m1 three times to text-snippet-surveys, every 40 ms');
  });

  it('find none where there is none', () => {
    expect(found[folders.whole]?.clean).toEqual({ killed: false, schedules: 3 });
  });

  it.each(registries)('find nothing without the line in the registry of %s', (name) => {
    expect(found[join(root, name)]?.caught).toMatchObject({ killed: false });
  });
});

async function output(code: string, args: readonly string[]): Promise<string> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const node = ['-C', 'seamwright-source', '--import', tsx, '--input-type=module', '-e', code, ...args];
  const child = spawn(process.execPath, node, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, problems] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    problems += chunk.toString();
  });
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  if (exitCode !== 0) throw new Error(problems);
  return out;
}
