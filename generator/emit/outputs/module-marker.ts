import type { Emitter } from '../emitter.js';

/** `package.json` with `type: module`, only where the surrounding package is CommonJS: generated code is ESM and would not compile as anything else. */
export const moduleMarker: Emitter = {
  name: 'module-marker',
  summary: 'marks the output as ES modules where the package around it is not',
  *plan({ model, needsModuleMarker }) {
    if (!needsModuleMarker) return;
    const file = {
      path: 'package.json',
      source: model.settings.system,
      emitter: this.name,
      template: 'verbatim',
      view: { text: '{\n  "type": "module"\n}\n' },
    };
    yield { ...file, base: 'output', ownership: 'owned' };
    yield { ...file, base: 'services', ownership: 'once' };
  },
};
