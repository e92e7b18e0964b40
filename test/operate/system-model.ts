import { join } from 'node:path';
import { loadWorkspace } from '../../generator/load/workspace.js';
import { buildModel } from '../../generator/model/build.js';
import type { Model } from '../../generator/model/types.js';

const ROOT = join(import.meta.dirname, '../..');

/** The model of one of the worked systems. */
export async function modelOf(system: 'easyplatform' | 'dhanman'): Promise<Model> {
  const { workspace } = await loadWorkspace(`contracts/${system}`, { cwd: ROOT, env: {}, validate: 'fast' });
  if (workspace === undefined) throw new Error(`${system} cannot be read`);
  return buildModel(workspace).model;
}
