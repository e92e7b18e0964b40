import type { Emitter } from '../emitter.js';
import { docComment, snakeName, stringLiteral } from '../names.js';

/** `constants.gen.ts`: what features agree on by name. The same name in two features keeps the first one's value; a rule tells when they differ. */
export const constants: Emitter = {
  name: 'constants',
  summary: 'constants that features share',
  *plan({ model }) {
    const found = new Map<string, { readonly text: string; readonly feature: string; readonly source: string }>();
    for (const feature of model.features.values()) {
      for (const [name, value] of Object.entries(feature.constants)) {
        const key = snakeName(name).toUpperCase();
        const text = typeof value === 'string' ? stringLiteral(value) : String(value);
        if (!found.has(key)) found.set(key, { text, feature: feature.name, source: feature.at.file });
      }
    }
    const [first] = found.values();
    if (first === undefined) return;
    yield {
      base: 'output',
      path: 'constants.gen.ts',
      ownership: 'owned',
      source: first.source,
      emitter: this.name,
      template: 'constants',
      view: {
        source: first.source,
        constants: [...found]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, { text, feature, source }]) => ({
            doc: docComment(`Agreed in ${feature}. Source: ${source}`),
            name,
            text,
          })),
      },
    };
  },
};
