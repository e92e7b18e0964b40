import { modelManifest } from '../../model/manifest.js';
import type { Emitter } from '../emitter.js';

/** `system.gen.json`: the model as canonical JSON, for the harness and for comparing revisions without reading contracts. */
export const systemManifest: Emitter = {
  name: 'system-manifest',
  summary: 'the model as canonical JSON with its fingerprint',
  *plan({ model }) {
    yield {
      base: 'output',
      path: 'system.gen.json',
      ownership: 'owned',
      source: model.settings.system,
      emitter: this.name,
      template: 'verbatim',
      view: { text: modelManifest(model).text },
    };
  },
};
