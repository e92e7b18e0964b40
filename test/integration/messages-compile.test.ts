import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { withFiles } from '../emit/messages/load.js';
import { components, payloads } from '../emit/messages/nasty.js';
import { generate, modelOf } from '../emit/messages/plan.js';

const run = promisify(execFile);
const compilers = {
  '5.9': fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url)),
  '7': fileURLToPath(new URL('../../node_modules/@typescript/native/bin/tsc', import.meta.url)),
};

const tsconfig = JSON.stringify({
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023'],
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    customConditions: ['seamwright-source'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    noUnusedLocals: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    skipLibCheck: false,
    noEmit: true,
  },
  include: ['messages'],
});

describe('generated messages compile under the strictest settings', () => {
  it.each(Object.entries(compilers))('on TypeScript %s', async (_version, tsc) => {
    const { text } = await generate(modelOf(payloads, components));
    const errors = await withFiles(new Map([...text, ['tsconfig.json', tsconfig]]), async (folder) => {
      const result = await run(process.execPath, [tsc, '-p', folder]).catch(
        (error: { readonly stdout: string }) => error,
      );
      return result.stdout;
    });
    expect(errors).toBe('');
  });
});
