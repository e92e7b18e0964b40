import type { NodeId } from '../../schema/node.js';
import type { StandaloneValidator } from '../../schema/standalone.js';
import type { PlannedFile } from '../emitter.js';
import { docComment } from '../names.js';
import type { Catalogue, TypeModule } from './catalogue.js';
import type { Declaration, Doc } from './declaration.js';

/** `messages/<Name>.gen.ts`: the declarations with their comments, and imports of what they use. */
export function typesFile(
  module: TypeModule,
  declarations: readonly Declaration[],
  uses: readonly string[],
  texts: readonly string[],
): PlannedFile {
  return {
    ...planned(module.source, `messages/${module.typeName}.gen.ts`),
    template: 'message',
    view: {
      source: module.source,
      imports: uses.map((type) => ({ type, module: `./${type}.gen.js` })),
      types: declarations.map(({ doc }, index) => ({ doc: docText(doc), text: texts[index] ?? '' })),
    },
  };
}

/** `messages/<Name>.validate.gen.ts`; a second name for a schema passes its validator on (`validator` is then undefined). */
export function validatorFile(
  { names }: Pick<Catalogue, 'names'>,
  module: TypeModule,
  validator: StandaloneValidator | undefined,
): PlannedFile {
  const { typeName, aliasOf } = module;
  const base = { source: module.source, type: typeName, typeModule: `./${typeName}.gen.js` };
  const called = (id: NodeId) => names.get(id) ?? '';
  const view =
    validator === undefined
      ? {
          ...base,
          runtime: '',
          code: '',
          calls: [{ local: 'validate', name: `validate${aliasOf}`, module: `./${aliasOf}.validate.gen.js` }],
          entry: 'validate',
        }
      : {
          ...base,
          runtime: validator.runtime.join(', '),
          code: validator.code,
          calls: validator.calls.map(({ local, id }) => ({
            local,
            name: `validate${called(id)}`,
            module: `./${called(id)}.validate.gen.js`,
          })),
          entry: validator.entry,
        };
  return { ...planned(module.source, `messages/${typeName}.validate.gen.ts`), template: 'message-validator', view };
}

/** `messages/index.gen.ts`. Nested types whose name occurs in two modules are left to their modules. */
export function indexFile(
  typed: readonly { readonly module: TypeModule; readonly declarations: readonly Declaration[] }[],
): PlannedFile {
  const count = new Map<string, number>();
  const names = typed.flatMap(({ declarations }) => declarations.map(({ name }) => name));
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1);
  const source = [...new Set(typed.map(({ module }) => module.source))].sort().join(', ');
  return {
    ...planned(source, 'messages/index.gen.ts'),
    template: 'messages-index',
    view: {
      source,
      modules: typed.map(({ module, declarations }) => ({
        types: declarations
          .map(({ name }) => name)
          .filter((name) => count.get(name) === 1)
          .join(', '),
        validator: `validate${module.typeName}`,
        name: module.typeName,
      })),
    },
  };
}

function planned(source: string, path: string): Omit<PlannedFile, 'template' | 'view'> {
  return { base: 'output', path, ownership: 'owned', source, emitter: 'messages' };
}

/** A description as a comment, escaped; '' when there is nothing to say. */
export function docText(doc: Doc): string {
  const parts = [doc.description ?? '', ...(doc.deprecated ? ['@deprecated'] : [])].filter((part) => part !== '');
  const [first, ...more] = parts;
  return first === undefined ? '' : docComment(first, ...more);
}
