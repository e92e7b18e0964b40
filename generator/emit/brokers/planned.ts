import type { Model } from '../../model/types.js';
import type { PlannedFile } from '../emitter.js';

/** Brokers that files are written for; `topology` of seamwright.yaml takes these words. */
export type TopologyTarget = 'rabbitmq' | 'kafka' | 'nats' | 'redis' | 'aws' | 'google';

/** Whether files for a broker are asked for: by `topology` of the workspace, else by its broker. */
export function isWanted(model: Model, target: TopologyTarget): boolean {
  const { topology, broker } = model.settings;
  return topology === undefined ? broker.kind === target : topology.includes(target);
}

/** A file below `topology/`, made by a template from `view`. */
export function brokerFile(
  model: Model,
  emitter: string,
  path: string,
  template: string,
  view: PlannedFile['view'],
): PlannedFile {
  const source = sourceOf(model);
  return {
    ...{ base: 'output', ownership: 'owned', path: `topology/${path}`, source, emitter, template },
    view: { source, ...view },
  };
}

/** The same as JSON, its keys as they come. */
export function jsonFile(model: Model, emitter: string, path: string, value: unknown): PlannedFile {
  return brokerFile(model, emitter, path, 'verbatim', { text: `${JSON.stringify(value, null, 2)}\n` });
}

/** A whole system leads to these files; what changes them most often is a feature. */
function sourceOf(model: Model): string {
  const [first] = model.features.values();
  return first?.at.file ?? model.system;
}
