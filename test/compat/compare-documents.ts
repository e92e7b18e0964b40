import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diff } from '../../generator/compat/diff.js';
import { judge } from '../../generator/compat/judge.js';
import type { Judgement } from '../../generator/compat/judgement.js';
import type { Model } from '../../generator/model/types.js';
import { loadModel } from './load-model.js';

/** What is judged of two states of one contract file. */
export async function compareDocuments(file: string, before: unknown, after: unknown): Promise<readonly Judgement[]> {
  return compareFolders({ [file]: before }, { [file]: after });
}

/** What is judged of two states of a folder; texts are written as they are, other values as JSON. */
export async function compareFolders(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Promise<readonly Judgement[]> {
  const dir = mkdtempSync(join(tmpdir(), 'seamwright-compat-'));
  try {
    const revisions = {
      before: await written(join(dir, 'before/shop'), before),
      after: await written(join(dir, 'after/shop'), after),
    };
    return judge(diff(revisions.before, revisions.after), revisions);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function written(dir: string, files: Readonly<Record<string, unknown>>): Promise<Model> {
  mkdirSync(dir, { recursive: true });
  for (const [file, value] of Object.entries(files)) {
    mkdirSync(join(dir, file, '..'), { recursive: true });
    writeFileSync(join(dir, file), typeof value === 'string' ? value : JSON.stringify(value, null, 1));
  }
  const model = await loadModel(dir);
  if (model === undefined || model.messages.size + model.operations.size === 0)
    throw new Error(`${Object.keys(files).join(', ')} could not be read`);
  return model;
}
