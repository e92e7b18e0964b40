import type { Law } from '../law.js';

const LINES_MAX = 400;

/** One idea per file. The longest are tables: the types of the model, the keywords of JSON Schema. */
const GENERIC = /(^|\/)(utils?|helpers?|managers?|base|common|misc|tools)(\.ts$|\/)/;

/** Tables of types that are read as one page. */
const longer: Readonly<Record<string, number>> = { 'generator/model/types.ts': 600 };

export const size: Law = {
  name: 'files are small and are named after their idea',
  breaches: (code) =>
    [...code.values()]
      .filter(({ path }) => /^(generator|runtime|harness)\//.test(path))
      .flatMap(({ path, text }) => {
        const lines = text.split('\n').length;
        const max = longer[path] ?? LINES_MAX;
        return [
          ...(lines > max ? [`${path} has ${lines} lines, more than ${max}; split it by its ideas`] : []),
          ...(GENERIC.test(path) ? [`${path} is named after nothing; name it after what it does`] : []),
          ...(/^[a-z0-9.-]+$/.test(path.replaceAll('/', '')) ? [] : [`${path} is not in kebab case`]),
        ];
      }),
  broken: {
    'a long file': { 'runtime/a.ts': 'export {};\n'.repeat(LINES_MAX + 1) },
    'a name for everything': { 'runtime/utils.ts': '' },
    'a folder for everything': { 'generator/helpers/text.ts': '' },
    'camel case': { 'runtime/serviceQueue.ts': '' },
  },
  kept: { 'a file at the limit': { 'runtime/a.ts': 'export {};\n'.repeat(LINES_MAX - 1) } },
};
