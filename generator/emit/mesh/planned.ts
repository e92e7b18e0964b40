import type { Model } from '../../model/types.js';
import type { PlannedFile } from '../emitter.js';

/** Meshes and gateways that files are written for; `mesh` of seamwright.yaml takes these words. */
export type MeshTarget = 'istio' | 'linkerd' | 'consul' | 'app-mesh' | 'kong';

export function isWanted(model: Model, target: MeshTarget): boolean {
  return model.settings.mesh?.includes(target) === true;
}

/** A file below `mesh/`. */
export function meshFile(model: Model, emitter: string, path: string, text: string): PlannedFile {
  const [first] = model.features.values();
  const source = first?.at.file ?? model.system;
  return {
    ...{ base: 'output', ownership: 'owned', path: `mesh/${path}`, source, emitter, template: 'verbatim' },
    view: { source, text },
  };
}
