import type { Law } from '../law.js';

/** Where files are read and written, and nowhere else: everything between is a function of what was read. */
const open = [
  'generator/load/',
  'generator/write/',
  'generator/cli/',
  'harness/',
  'services/',
  'runtime/stores/pglite.ts',
  'runtime/security/key-files.ts',
];

const DISK = /^(node:)?(fs|fs\/promises|child_process|worker_threads)$/;

export const disk: Law = {
  name: 'the disk is touched only by load, write, the command line, the harness, file-backed stores and key files',
  breaches: (code) =>
    [...code.values()]
      .filter(
        ({ path }) => /^(generator|runtime|generated)\//.test(path) && !open.some((folder) => path.startsWith(folder)),
      )
      .flatMap((module) =>
        module.imports
          .filter(({ specifier }) => DISK.test(specifier))
          .map(({ specifier, line }) => `${module.path}:${line} imports "${specifier}"`),
      ),
  broken: {
    'a rule that reads files': { 'generator/check/rules/x.ts': `import { readFileSync } from 'node:fs';` },
    'an emitter that reads files': { 'generator/emit/plan.ts': `import { readFile } from 'node:fs/promises';` },
    'the name without its scheme': { 'generator/render/handlebars.ts': `import fs from 'fs';` },
  },
  kept: { 'the loader': { 'generator/load/files.ts': `import { readFileSync } from 'node:fs';` } },
};
