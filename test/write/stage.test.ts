import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forEach, type Move, moveIntoPlace } from '../../generator/write/stage.js';

let project: string;
let output: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'seamwright-stage-'));
  output = join(project, 'generated');
  mkdirSync(output);
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

const move = (path: string): Move => ({ to: join(output, path), within: output, path, content: 'new' });

it('puts everything back when moving fails halfway, where nothing could be foreseen', async () => {
  writeFileSync(join(output, 'a.ts'), 'old');
  // No file system takes such a name, and only the move itself finds out.
  const moves = [move('a.ts'), move('sales/b.ts'), move(`${'x'.repeat(300)}.ts`), move('manifest.json')];
  await expect(moveIntoPlace(output, moves, '{}')).rejects.toThrow('ENAMETOOLONG');
  expect(readFileSync(join(output, 'a.ts'), 'utf8')).toBe('old');
  expect(existsSync(join(output, 'sales/b.ts'))).toBe(false);
  expect(existsSync(join(output, 'manifest.json'))).toBe(false);
  expect(readdirSync(project)).toEqual(['generated']);
});

it('waits for what still runs before it tells of a failure', async () => {
  const ended: number[] = [];
  const work = forEach([1, 2, 3], async (item) => {
    if (item === 1) throw new Error('first');
    await new Promise((resolve) => setImmediate(resolve));
    ended.push(item);
  });
  await expect(work).rejects.toThrow('first');
  expect(ended).toEqual([2, 3]);
});
