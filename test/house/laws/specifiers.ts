import type { Law } from '../law.js';

/** Node resolves what is written: the same path runs from source, from the build and in a user's repository. */
export const specifiers: Law = {
  name: 'relative imports name the file that runs',
  breaches: (code) =>
    [...code.values()].flatMap((module) =>
      module.imports.flatMap(({ specifier, target, line, typeOnly }) => {
        const at = `${module.path}:${line}`;
        if (specifier.startsWith('.') && !/\.(js|json)$/.test(specifier)) return [`${at} "${specifier}" lacks ".js"`];
        if (target?.endsWith('.ts') && !code.has(target) && !target.startsWith('generated/'))
          return [`${at} "${specifier}" names no file`];
        return generatedOrTest(module.path) && !typeOnly && /\/runtime\/index\.js$/.test(specifier)
          ? [`${at} "${specifier}": the runtime is imported as "seamwright/runtime"`]
          : [];
      }),
    ),
  broken: {
    'a missing extension': { 'runtime/a.ts': `import { b } from './b';`, 'runtime/b.ts': '' },
    'an extension that only a compiler knows': { 'runtime/a.ts': `import { b } from './b.ts';`, 'runtime/b.ts': '' },
    'a file that is not there': { 'runtime/a.ts': `import { b } from './b.js';` },
    'generated code with a path to the runtime': {
      'generated/shop/service.gen.ts': `import { defineService } from '../../runtime/index.js';`,
      'runtime/index.ts': '',
    },
  },
};

function generatedOrTest(path: string): boolean {
  return path.startsWith('generated/') || path.startsWith('services/');
}
