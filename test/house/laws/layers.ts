import type { Law } from '../law.js';

const documentTypes = 'generator/load/documents.ts';

/**
 * What each folder may import of ours besides itself; a file is named where only it is open. The longest folder that holds a file is its layer.
 * `types` are open to `import type` only.
 */
const table: Readonly<Record<string, { readonly may: readonly string[]; readonly types?: readonly string[] }>> = {
  'generator/diagnostics': { may: [] },
  'generator/schema': { may: [] },
  'generator/load': { may: ['generator/diagnostics', 'generator/schema'] },
  'generator/model': { may: ['generator/diagnostics', 'generator/schema'], types: [documentTypes] },
  'generator/check': {
    may: ['generator/model', 'generator/diagnostics', 'generator/schema'],
    types: [documentTypes],
  },
  'generator/compat': { may: ['generator/model', 'generator/diagnostics', 'generator/schema'], types: [documentTypes] },
  'generator/emit': {
    may: [
      'generator/model',
      'generator/diagnostics',
      'generator/schema',
      // What the runtime declares and waits for by itself stands in topologies and schemas, too.
      'runtime/brokers',
      'runtime/errors.ts',
      'runtime/stores/sql',
      'runtime/define.ts',
      'runtime/retry-delay.ts',
      'runtime/saga/table.ts',
      'runtime/saga/plan-facts.ts',
      'runtime/saga/table.ts',
      'runtime/sync/control.ts',
    ],
    types: [documentTypes, 'runtime/stores/store.ts', 'runtime/saga/plan.ts'],
  },
  'generator/render': { may: ['generator/diagnostics'] },
  // The version of this package and its folder of templates, which the last run is remembered with, are found where templates are read.
  'generator/write': { may: ['generator/diagnostics', 'generator/load/templates.ts'], types: [documentTypes] },
  // How a change is named is said once, for those who print it and those who accept it.
  'generator/report': {
    may: ['generator/diagnostics', 'generator/compat/change-name.ts'],
    types: ['generator/compat'],
  },
  // pipeline.ts and index.ts: the path through all stages.
  generator: {
    may: ['load', 'model', 'check', 'compat', 'emit', 'render', 'write', 'report', 'diagnostics', 'schema'].map(
      (stage) => `generator/${stage}`,
    ),
  },
  // What the contracts say about systems that run: topologies, dead letters, copies to compare.
  'generator/operate': {
    may: ['generator/model', 'generator/emit', 'generator/diagnostics', 'generator/schema', 'runtime'],
    types: [documentTypes],
  },
  'generator/cli': { may: ['generator', 'runtime', 'harness'] },
  runtime: { may: [] },
  // A system under test is read from its contracts, as the generator understands them.
  harness: {
    may: [
      'runtime',
      'generator/schema',
      'generator/diagnostics',
      'generator/model',
      'generator/load/workspace.ts',
      'harness/stub',
      'harness/pact',
    ],
  },
  // A stub serves documents that nobody has generated anything from: it reads them itself, as the generator understands them.
  'harness/stub': {
    may: [
      'generator/load',
      'generator/model',
      'generator/emit/http',
      'generator/schema',
      'generator/diagnostics',
      'runtime',
    ],
  },
  // Compares running services with what their contracts say, which it reads as the generator does.
  'harness/pact': {
    may: [
      'generator/load',
      'generator/model',
      'generator/emit',
      'generator/schema',
      'generator/diagnostics',
      'runtime',
      'harness',
    ],
  },
  generated: { may: ['runtime/index.ts', 'runtime/validation.ts'] },
  // What a user drives flows with is named by its types alone; only tests run the harness.
  services: { may: ['generated', 'runtime/index.ts'], types: ['harness/index.ts'] },
  demo: {
    may: [
      'generated',
      'services',
      'runtime',
      'generator/pipeline.ts',
      'generator/cli',
      'generator/write',
      'generator/load',
    ],
  },
  bench: { may: ['generator', 'runtime', 'harness', 'generated', 'services', 'test'] },
  test: { may: ['generator', 'runtime', 'harness', 'generated', 'services', 'demo', 'bench'] },
};

export const layers: Law = {
  name: 'folders import only what lies below them',
  breaches: (code) =>
    [...code.values()].flatMap((module) => {
      const layer = layerOf(module.path);
      if (layer === undefined)
        return [`${module.path} lies in no layer; give its folder a line in the table of layers`];
      const { may, types = [] } = table[layer] ?? { may: [] };
      return module.imports.flatMap((item) => {
        if (item.target === undefined || layerOf(item.target) === layer) return [];
        const open = item.typeOnly || isTestOf(module.path, layer) ? [...may, ...types] : may;
        return open.some((folder) => lies(item.target ?? '', folder))
          ? []
          : [`${module.path}:${item.line} imports ${item.target}; ${layer} may import ${open.join(', ') || 'nothing'}`];
      });
    }),
  broken: {
    'the model reading files': {
      'generator/model/build.ts': `import { read } from '../load/files.js';`,
      'generator/load/files.ts': '',
    },
    'values taken from the document types': {
      'generator/model/build.ts': `import { read } from '../load/documents.js';`,
    },
    'the runtime knowing the generator': {
      'runtime/service.ts': `import type { Model } from '../generator/model/types.js';`,
    },
    'somebody importing the command line': { 'generator/pipeline.ts': `import { commands } from './cli/registry.js';` },
    'generated code reaching into the runtime': {
      'generated/shop/api/service.gen.ts': `import { guard } from '../../../runtime/guard.js';`,
    },
    'a service importing the generator': { 'services/shop/api/main.ts': `import { check } from 'seamwright';` },
    'a lazy import across layers': {
      'generator/check/check.ts': `export const later = () => import('../emit/plan.js');`,
    },
    'a service that runs the harness': {
      'services/shop/api/main.ts': `import { verifyService } from 'seamwright/harness';`,
    },
    'a test of a service that reaches into the harness': {
      'services/shop/api/verify.test.ts': `import { search } from '../../../harness/search.js';`,
    },
    'a folder without a line in the table': { 'extras/thing.ts': '' },
  },
  kept: {
    'types of documents': { 'generator/model/build.ts': `import type { Workspace } from '../load/documents.js';` },
    'a test of a service': {
      'services/shop/api/verify.test.ts': `import { verifyService } from 'seamwright/harness';`,
    },
    'the published name of the runtime': {
      'generated/shop/api/service.gen.ts': `import { defineService } from 'seamwright/runtime';`,
    },
  },
};

/** A test that lies beside what it tests; elsewhere they are all below `test`. */
function isTestOf(path: string, layer: string): boolean {
  return layer === 'services' && path.endsWith('.test.ts');
}

function layerOf(path: string): string | undefined {
  return Object.keys(table)
    .filter((folder) => lies(path, folder))
    .sort((a, b) => b.length - a.length)[0];
}

function lies(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
