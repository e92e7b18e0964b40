import ts from 'typescript';
import type { Law } from '../law.js';
import { lineOf, type Module, visit } from '../module.js';

const CALLS = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'Date.now',
  'Math.random',
  'performance.now',
  'process.hrtime',
  'process.hrtime.bigint',
  'crypto.randomUUID',
  'randomUUID',
  'randomBytes',
]);

/** Time and chance are values that are passed in: a schedule can then be simulated, shrunk and replayed. */
export const clock: Law = {
  name: 'the runtime takes time and chance only from runtime/clock.ts',
  breaches: (code) =>
    [...code.values()]
      .filter(({ path }) => path.startsWith('runtime/') && path !== 'runtime/clock.ts')
      .flatMap(breachesIn),
  broken: {
    'Date.now': { 'runtime/a.ts': 'export const at = Date.now();' },
    'Math.random': { 'runtime/a.ts': 'export const chance = () => Math.random();' },
    'a timer': { 'runtime/a.ts': 'setTimeout(() => undefined, 10);' },
    'a timer by its global': { 'runtime/a.ts': 'globalThis.setTimeout(() => undefined, 10);' },
    'now as a date': { 'runtime/a.ts': 'export const now = new Date();' },
    'timers of node': { 'runtime/a.ts': `import { setTimeout as sleep } from 'node:timers/promises';` },
    'a random id': { 'runtime/a.ts': `import { randomUUID } from 'node:crypto'; export const id = randomUUID();` },
  },
  kept: {
    'a date made of a known instant': {
      'runtime/a.ts': 'export const at = (ms: number) => new Date(ms).toISOString();',
    },
    'the clock itself': { 'runtime/clock.ts': 'export const now = () => Date.now();' },
  },
};

function breachesIn(module: Module): readonly string[] {
  const found = module.imports
    .filter(({ specifier }) => /^(node:)?timers(\/|$)/.test(specifier))
    .map(({ specifier, line }) => `${module.path}:${line} imports "${specifier}"; take a Clock`);
  visit(module.ast, (node) => {
    const call = ts.isCallExpression(node)
      ? node.expression.getText(module.ast).replace(/^globalThis\./, '')
      : undefined;
    const isNow =
      ts.isNewExpression(node) && node.expression.getText(module.ast) === 'Date' && (node.arguments?.length ?? 0) === 0;
    if ((call !== undefined && CALLS.has(call)) || isNow)
      found.push(`${module.path}:${lineOf(module.ast, node)} ${call ?? 'new Date()'}; take a Clock or a Random`);
  });
  return found;
}
