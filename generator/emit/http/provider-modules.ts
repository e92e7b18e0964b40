import { distinct, variableName } from '../names.js';
import type { TypedDocument } from '../types.js';

/** How a generated module refers to the types and operations of a document: as namespaces, so that no name of a contract can clash with another. */
export interface ProviderModules {
  readonly types: string;
  readonly operations: string;
}

/** Names of the namespaces, by document. */
export function providerModules(documents: readonly TypedDocument[]): ReadonlyMap<TypedDocument, ProviderModules> {
  const stems = distinct(documents, ({ document }) =>
    variableName(document.stem.slice(document.stem.lastIndexOf('/') + 1)).replace(/_$/, ''),
  );
  return new Map(
    documents.map((document) => {
      const stem = stems.get(document) ?? '';
      return [document, { types: `${stem}Types`, operations: `${stem}Operations` }];
    }),
  );
}

/** Import lines for those that the module's text uses. `up` leads to the output folder: `../` or `./`. */
export function moduleImports(
  modules: ReadonlyMap<TypedDocument, ProviderModules>,
  text: string,
  up: string,
): readonly string[] {
  return [...modules].flatMap(([{ document }, { types, operations }]) => [
    ...(text.includes(`${operations}.`)
      ? [`import * as ${operations} from '${up}${document.stem}.operations.gen.js';`]
      : []),
    ...(text.includes(`${types}.`) ? [`import type * as ${types} from '${up}${document.stem}.types.gen.js';`] : []),
  ]);
}
