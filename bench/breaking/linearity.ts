import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diff } from '../../generator/compat/diff.js';
import { judge } from '../../generator/compat/judge.js';
import { loadWorkspace } from '../../generator/load/workspace.js';
import { buildModel } from '../../generator/model/build.js';
import type { Model } from '../../generator/model/types.js';
import { writePair } from './pair.js';
import { middle } from './timed.js';

/** Milliseconds of comparing 30 paths with 20 changes, and 300 paths with 200: loading, diff and judgement, the start of a process left out. */
export async function linearity(rounds: number): Promise<{ readonly small: number; readonly large: number }> {
  const dir = mkdtempSync(join(tmpdir(), 'seamwright-bench-'));
  try {
    const pairs = [writePair(join(dir, 'small'), 30, 1), writePair(join(dir, 'large'), 300, 10)] as const;
    const times: [number[], number[]] = [[], []];
    // The first round warms the code up.
    for (let round = 0; round <= rounds; round++)
      for (const [index, pair] of pairs.entries()) {
        const started = performance.now();
        const revisions = { before: await modelOf(pair.before), after: await modelOf(pair.after) };
        judge(diff(revisions.before, revisions.after), revisions);
        if (round > 0) times[index]?.push(performance.now() - started);
      }
    return { small: middle(times[0]), large: middle(times[1]) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function modelOf(dir: string): Promise<Model> {
  const { workspace } = await loadWorkspace('.', { cwd: dir, project: dir, validate: 'fast' });
  if (workspace === undefined) throw new Error(`${dir} could not be read`);
  return buildModel(workspace).model;
}
