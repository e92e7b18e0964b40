import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Change } from '../../generator/compat/change.js';
import { diff } from '../../generator/compat/diff.js';
import { judge } from '../../generator/compat/judge.js';
import type { Judgement } from '../../generator/compat/judgement.js';
import type { Model } from '../../generator/model/types.js';
import { loadModel } from './load-model.js';

/** Files of a workspace by path. */
export type Files = Readonly<Record<string, string>>;

/** What differs between two workspaces. */
export async function changesBetween(before: Files, after: Files): Promise<readonly Change[]> {
  return diff(await modelOf(before), await modelOf(after));
}

/** What the rules say of two workspaces. */
export async function judgedBetween(before: Files, after: Files): Promise<readonly Judgement[]> {
  const revisions = { before: await modelOf(before), after: await modelOf(after) };
  return judge(diff(revisions.before, revisions.after), revisions);
}

/** One line per change: `renamed message:B from A`, `set entity:E owner "a" -> "b"`, `schema message:M payload a -> b`. */
export async function saidBetween(before: Files, after: Files): Promise<readonly string[]> {
  return (await changesBetween(before, after)).map(said);
}

function said(change: Change): string {
  const { kind, subject } = change;
  if (kind === 'set')
    return `set ${subject} ${change.setting} ${JSON.stringify(change.before)} -> ${JSON.stringify(change.after)}`;
  if (kind === 'schema') {
    const { direction, part, writers, readers } = change.use;
    return `schema ${subject} ${direction} ${part} ${writers.join('+')} -> ${readers.join('+')}`;
  }
  return kind === 'renamed' ? `renamed ${subject} from ${change.from}` : `${kind} ${subject}`;
}

async function modelOf(files: Files): Promise<Model> {
  const dir = mkdtempSync(join(tmpdir(), 'seamwright-compat-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    const model = await loadModel(dir);
    if (model === undefined) throw new Error('nothing to compare');
    return model;
  } finally {
    rmSync(dir, { recursive: true });
  }
}
