import { loadWorkspace } from '../../generator/load/workspace.js';
import { buildModel } from '../../generator/model/build.js';
import type { Model } from '../../generator/model/types.js';

/** The model of one folder; undefined when there is nothing to work on. Positions are relative to the folder. */
export async function loadModel(dir: string, overlay?: ReadonlyMap<string, string>): Promise<Model | undefined> {
  const { workspace } = await loadWorkspace('.', {
    cwd: dir,
    project: dir,
    validate: 'fast',
    ...(overlay !== undefined && { overlay }),
  });
  return workspace === undefined ? undefined : buildModel(workspace).model;
}
