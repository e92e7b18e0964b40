/** Collects what a generated file imports from other generated files. */
export class Imports {
  readonly values = new Map<string, Set<string>>();
  readonly types = new Map<string, Set<string>>();

  value(name: string, module: string): void {
    add(this.values, module, name);
  }

  type(name: string, module: string): void {
    add(this.types, module, name);
  }
}

function add(map: Map<string, Set<string>>, module: string, name: string): void {
  const names = map.get(module) ?? new Set<string>();
  map.set(module, names.add(name));
}

/** Import statements sorted by module; types apart, so that `verbatimModuleSyntax` is content. */
export function importLines(imports: Imports): readonly string[] {
  const lines = [
    ...[...imports.types].map(([module, names]) => ({
      module,
      order: 0,
      text: `import type { ${[...names].sort().join(', ')} } from '${module}';`,
    })),
    ...[...imports.values].map(([module, names]) => ({
      module,
      order: 1,
      text: `import { ${[...names].sort().join(', ')} } from '${module}';`,
    })),
  ];
  return lines
    .sort((a, b) => (a.module === b.module ? a.order - b.order : a.module < b.module ? -1 : 1))
    .map((line) => line.text);
}

/** Functions and values of `seamwright/runtime` that written text calls. */
export function runtimeValuesIn(text: string): readonly string[] {
  return ['at', 'cel', 'defaultRetry', 'idOf', 'textOf'].filter((name) =>
    new RegExp(`\\b${name}\\b(?=[(.,}\\n ])`).test(text),
  );
}
