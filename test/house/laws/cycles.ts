import type { Law } from '../law.js';
import type { Codebase } from '../module.js';

/** Imports of types count: two files that know each other's types cannot be read one after the other. */
export const cycles: Law = {
  name: 'no import cycles',
  breaches: (code) => findCycles(code),
  broken: {
    'two files that import each other': {
      'runtime/a.ts': `import { b } from './b.js';`,
      'runtime/b.ts': `import { a } from './a.js';`,
    },
    'a cycle of types through a third file': {
      'runtime/a.ts': `import type { B } from './b.js';`,
      'runtime/b.ts': `export type { C } from './c.js';`,
      'runtime/c.ts': `import type { A } from './a.js';`,
    },
    'a cycle closed by a lazy import': {
      'runtime/a.ts': `export const load = () => import('./b.js');`,
      'runtime/b.ts': `import { load } from './a.js';`,
    },
  },
  kept: {
    'two ways to one file': {
      'runtime/a.ts': `import { b } from './b.js'; import { c } from './c.js';`,
      'runtime/b.ts': `import { c } from './c.js';`,
      'runtime/c.ts': '',
    },
  },
};

/** Depth first; a file met again while it is still open closes a cycle. */
function findCycles(code: Codebase): readonly string[] {
  const found: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const trail: string[] = [];
  const enter = (path: string): void => {
    const module = code.get(path);
    if (module === undefined || state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    state.set(path, 'open');
    trail.push(path);
    for (const { target } of module.imports) if (target !== undefined && target !== path) enter(target);
    trail.pop();
    state.set(path, 'done');
  };
  for (const path of code.keys()) enter(path);
  return found;
}
