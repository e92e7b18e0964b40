import ts from 'typescript';
import type { Law } from '../law.js';
import type { Module } from '../module.js';

/** Without it a file that needs a type would load the module behind it, with all that the module needs. */
export const typeImports: Law = {
  name: 'types are imported as types',
  breaches: (code) =>
    [...code.values()].flatMap((module) =>
      module.imports.flatMap(({ target, values, line }) => {
        const types = typesOf(target === undefined ? undefined : code.get(target));
        return values
          .filter((name) => types.has(name))
          .map((name) => `${module.path}:${line} imports the type ${name} as a value`);
      }),
    ),
  broken: {
    'an interface imported as a value': {
      'runtime/a.ts': `import { Shape } from './b.js'; export const a: Shape = {};`,
      'runtime/b.ts': 'export interface Shape {}',
    },
    'a type re-exported as a value': {
      'runtime/a.ts': `export { Name } from './b.js';`,
      'runtime/b.ts': 'export type Name = string;',
    },
  },
  kept: {
    'a class, which is both': {
      'runtime/a.ts': `import { Shape } from './b.js'; export const a = new Shape();`,
      'runtime/b.ts': 'export class Shape {}',
    },
    'a type with a value of the same name': {
      'runtime/a.ts': `import { Shape } from './b.js'; export const a = Shape;`,
      'runtime/b.ts': 'export interface Shape {} export const Shape = 1;',
    },
    'a marked name among values': {
      'runtime/a.ts': `import { make, type Shape } from './b.js'; export const a: Shape = make();`,
      'runtime/b.ts': 'export interface Shape {} export const make = (): Shape => ({});',
    },
  },
};

/** Names that a module exports as types only. */
function typesOf(module: Module | undefined): ReadonlySet<string> {
  if (module === undefined) return new Set();
  const types = new Set<string>();
  const values = new Set<string>();
  for (const statement of module.ast.statements) {
    if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) types.add(statement.name.text);
    else if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) values.add(name.getText(module.ast));
    else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name)
      values.add(statement.name.text);
  }
  return new Set([...types].filter((name) => !values.has(name)));
}
