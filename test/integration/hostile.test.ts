import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { rules } from '../../generator/check/registry.js';
import { generateFiles } from '../../generator/pipeline.js';
import type { RenderedFile } from '../../generator/write/manifest.js';
import { compileErrors } from '../emit/compile.js';
import { troubleIn } from '../hostile/inspect.js';
import { mutate, pickFrom } from '../hostile/mutate.js';
import { nasty } from '../hostile/strings.js';
import { type Documents, readDocuments, writeDocuments } from '../hostile/workspace.js';

// HOSTILE_SEED and HOSTILE_CASES run others, or more: several thousand take an hour.
const FIRST = Number(process.env.HOSTILE_SEED ?? 1);
const CASES = Number(process.env.HOSTILE_CASES ?? 24);
/** Type checks take longest, so only some are checked, all of a batch in one program. */
const TYPED = Math.max(8, Math.floor(CASES / 6));

const root = fileURLToPath(new URL('../..', import.meta.url));
const systems = ['easyplatform', 'dhanman'].map((name) => readDocuments(join(root, 'contracts', name)));
const folder = mkdtempSync(join(tmpdir(), 'seamwright-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every rule is off, so that as much as possible reaches the files. */
const off = Object.fromEntries(rules.map((rule) => [rule.id, 'off']));

/** One or two features of a system, made hostile. */
function hostileCase(seed: number) {
  const pick = pickFrom(seed);
  const all = systems[pick(systems.length)] ?? new Map();
  const names = [...all.keys()].filter((path) => path.endsWith('/feature.yaml'));
  const kept = new Set([names[pick(names.length)], names[pick(names.length)]]);
  const chosen: Documents = new Map(
    [...all]
      .filter(([path]) => !path.endsWith('/feature.yaml') || kept.has(path))
      .map(([path, value]) => [path, path === 'seamwright.yaml' ? { ...Object(value), rules: off } : value]),
  );
  return mutate(chosen, nasty, pick);
}

describe('contracts with bad intentions', () => {
  const written = new Map<string, string>();
  let generated = 0;

  it(`never throw, and never become code, in ${CASES} cases`, { timeout: CASES * 5_000 }, async () => {
    const trouble: string[] = [];
    for (let seed = FIRST; seed < FIRST + CASES; seed++) {
      const { documents, told } = hostileCase(seed);
      writeDocuments(folder, documents);
      const say = (what: string): void => void trouble.push(`seed ${seed}: ${what} <= ${told.join('; ')}`);
      const result = await generateFiles(folder, { cwd: folder, env: {}, today: '2026-01-01' }).catch(String);
      if (typeof result === 'string') {
        say(result);
        continue;
      }
      for (const { rule, message, at } of result.findings)
        if (!message.endsWith('.') || at.line < 1 || at.column < 1) say(`finding ${rule}: ${message}`);
      for (const what of troubleIn(result.files ?? [])) say(what);
      if (result.files === undefined) continue;
      generated += 1;
      const { settings } = result.workspace ?? {};
      if (settings === undefined || generated > TYPED) continue;
      // Beside this project's own files, so that `seamwright/runtime` is its source; the folders as the settings have them.
      const placed = ({ base, path }: RenderedFile): string =>
        join(root, 'hostile', String(seed), relative(folder, settings[base]), path);
      for (const file of result.files) written.set(placed(file), file.content);
    }
    expect(trouble).toEqual([]);
    // Cases that stop at the first finding prove little.
    expect(generated).toBeGreaterThan(CASES / 2);
  });

  it('never become code by the names of their files and folders', async () => {
    const folders = [
      'a\n pwned_marker();',
      'a\u2028pwned_marker()',
      "*`'|[y](z)<b>",
      '\u202egnp',
      'feature.yaml',
      '%0A',
    ];
    const feature = { name: 'products', version: '1.0.0', asyncapi: './event\n;pwned_marker();/*.yaml' };
    const entities = { Product: { owner: 'catalogue', event: 'ProductChanged', consumers: ['shop'] } };
    const payload = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };
    const asyncapi = {
      asyncapi: '3.0.0',
      info: { title: 'Shop', version: '1.0.0' },
      channels: { products: { address: 'p', messages: { ProductChanged: { payload } } } },
    };
    for (const name of folders) {
      const documents: readonly (readonly [string, unknown])[] = [
        [`${name}/feature.yaml`, { ...feature, entities }],
        [`${name}/event\n;pwned_marker();/*.yaml`, asyncapi],
      ];
      writeDocuments(folder, new Map(documents));
      const { files, findings } = await generateFiles(folder, { cwd: folder, env: {}, today: '2026-01-01' });
      expect(findings.filter((finding) => finding.unreadable)).toEqual([]);
      expect(files?.length).toBeGreaterThan(10);
      expect(troubleIn(files ?? [])).toEqual([]);
    }
  });

  it('compile whatever their names', { timeout: 120_000 }, () => {
    expect(written.size).toBeGreaterThan(0);
    expect(compileErrors(written)).toEqual([]);
  });
});
