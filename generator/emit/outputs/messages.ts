import { createHash } from 'node:crypto';
import type * as Modelina from '@asyncapi/modelina';
import type { Finding } from '../../diagnostics/finding.js';
import type { NodeId } from '../../schema/node.js';
import { compiledTogether, type StandaloneValidator, standaloneValidator } from '../../schema/standalone.js';
import type { PlannedFile } from '../emitter.js';
import { propertyKey, stringLiteral } from '../names.js';
import type { TypeIndex } from '../types.js';
import { type Catalogue, catalogueMessages, type TypedModel, type TypeModule } from '../typescript/catalogue.js';
import type { Declaration, Doc, TypeExpression } from '../typescript/declaration.js';
import { declareModule } from '../typescript/declare.js';
import { docText, indexFile, typesFile, validatorFile } from '../typescript/files.js';
import { createLowering } from '../typescript/lower.js';

/** Keeps rendered text between runs, by a key that covers everything the text depends on. */
export interface RenderCache {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

export interface PlannedMessages {
  readonly files: readonly PlannedFile[];
  readonly types: TypeIndex;
  readonly schema: Catalogue['schema'];
  readonly findings: Catalogue['findings'];
}

/** Changes whenever rendering does, so that results of older versions are not used. */
const RENDERING = 'messages 1';

/**
 * Types and validators of every message of a system: `messages/<Name>.gen.ts` and `messages/<Name>.validate.gen.ts` for each message and each schema
 * that messages share, `messages/index.gen.ts` over all of them.
 *
 * A type holds every value that its validator accepts (see `typescript/lower.ts` for where it holds more). Modelina renders the types; it is loaded
 * only when the cache does not have them all.
 */
export async function planMessages(model: TypedModel, cache: RenderCache): Promise<PlannedMessages> {
  const catalogue = catalogueMessages(model);
  const { graph, names, modules, types, schema, findings } = catalogue;
  if (modules.length === 0) return { files: [], types, schema, findings };
  const reserved = modules.map(({ typeName }) => typeName);
  const input = { graph, lowering: createLowering(graph), names, reserved, inherited: true };
  const typed = await Promise.all(
    modules.map(async (module) => {
      const declared = declarationsOf(module, () => declareModule(input, module.id));
      const texts = await cached(cache, ['types', declared.declarations], () => renderTypes(declared.declarations));
      return { module, ...declared, texts };
    }),
  );
  const files: PlannedFile[] = [];
  const refused: Finding[] = [];
  for (const { module, declarations, uses, texts } of typed) {
    files.push(typesFile(module, declarations, uses, texts));
    try {
      const validator = module.aliasOf === undefined ? await validatorOf(catalogue, module.id, cache) : undefined;
      files.push(validatorFile(catalogue, module, validator));
    } catch (error) {
      refused.push(notCompiled(module, model.locate(graph.node(module.id).origin), error));
    }
  }
  return { files: [...files, indexFile(typed)], types, schema, findings: [...findings, ...refused] };
}

/** Ajv refuses some schemas that the normaliser lets through; the contract is at fault, not the program. */
function notCompiled(module: TypeModule, at: Finding['at'], error: unknown): Finding {
  return {
    rule: 'schema-not-compiled',
    severity: 'error',
    message: `No validator can be made for "${module.typeName}": ${error instanceof Error ? error.message : String(error)}.`,
    at,
    fix: 'simplify the schema at the keyword that is named.',
  };
}

/** A module that gives a message's name to a shared schema declares that name and nothing else. */
function declarationsOf(
  { typeName, aliasOf }: TypeModule,
  declare: () => ReturnType<typeof declareModule>,
): ReturnType<typeof declareModule> {
  if (aliasOf === undefined) return declare();
  const type: TypeExpression = { kind: 'name', name: aliasOf };
  return { declarations: [{ kind: 'alias', name: typeName, doc: {}, type }], uses: [aliasOf] };
}

/** Cache key of everything that a rendered text depends on. */
export function messageCacheKey(what: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([RENDERING, what], (_key, value) => (value instanceof Map ? [...value] : value)))
    .digest('hex');
}

async function cached<T>(cache: RenderCache, what: unknown, make: () => T | Promise<T>): Promise<T> {
  const key = messageCacheKey(what);
  const known = parsed<T>(cache.get(key));
  if (known !== undefined) return known;
  const made = await make();
  cache.set(key, JSON.stringify(made));
  return made;
}

/** A damaged entry counts as absent. */
function parsed<T>(text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

function validatorOf({ graph }: Catalogue, id: NodeId, cache: RenderCache): Promise<StandaloneValidator> {
  const isExternal = () => true;
  const { within, external } = compiledTogether(graph, id, isExternal);
  const rules = within.map((each) => {
    const { origin: _, description: _text, title: _title, examples: _examples, ...rest } = graph.node(each);
    return rest;
  });
  return cached(cache, ['validator', id, rules, external], () => standaloneValidator(graph, id, isExternal));
}

let modelina: Promise<typeof Modelina> | undefined;

/** Starts loading Modelina, which takes most of a second; call it early when types will surely be rendered. */
export function loadModelina(): Promise<typeof Modelina> {
  modelina ??= import('@asyncapi/modelina');
  return modelina;
}

/** What our meta models carry through Modelina to the presets below. */
interface Carried {
  readonly doc?: Doc;
  readonly expression?: TypeExpression;
  readonly weak?: boolean;
}

/** Key of the pseudo property that stands for an index signature. No JSON key can be equal to it, since it is not well-formed. */
const INDEX = '\ud800index';

/**
 * Renders declarations in order. The meta models are built here rather than by Modelina's own interpreter, which loses `allOf` branches, recursion and
 * colliding names; its constraints are replaced so that names, keys and values appear exactly as on the wire, and escaped.
 */
async function renderTypes(declarations: readonly Declaration[]): Promise<readonly string[]> {
  const library = await loadModelina();
  const input = new library.InputMetaModel();
  input.models = Object.fromEntries(declarations.map((each) => [each.name, metaModel(library, each)]));
  const rendered = await generatorFor(library).generate(input);
  const byName = new Map(rendered.map(({ modelName, result }) => [modelName, result]));
  return declarations.map(({ name }) => byName.get(name) ?? '');
}

let generator: Modelina.TypeScriptGenerator | undefined;

function generatorFor(library: typeof Modelina): Modelina.TypeScriptGenerator {
  generator ??= new library.TypeScriptGenerator({
    modelType: 'interface',
    enumType: 'union',
    mapType: 'indexedObject',
    rawPropertyNames: false,
    useJavascriptReservedKeywords: false,
    constraints: {
      modelName: ({ modelName }) => modelName,
      propertyKey: ({ objectPropertyModel: { propertyName } }) =>
        propertyName === INDEX ? '[key: string]' : propertyKey(propertyName),
    },
    typeMapping: { Any: ({ constrainedModel }) => typeText((constrainedModel.originalInput as Carried).expression) },
    presets: [
      {
        interface: {
          property: ({ property, content }) => withDoc((property.property.originalInput as Carried).doc, content),
          self: ({ model, content }) => {
            const head = `interface ${model.name} `;
            const isWeak = (model.originalInput as Carried).weak === true && content.startsWith(head);
            return isWeak ? `type ${model.name} = object & ${content.slice(head.length)};` : content;
          },
        },
      },
    ],
  });
  return generator;
}

function metaModel(library: typeof Modelina, declaration: Declaration): Modelina.MetaModel {
  const typed = (type: TypeExpression, doc?: Doc) =>
    new library.AnyModel('', { expression: type, ...(doc ? { doc } : {}) } satisfies Carried, {});
  if (declaration.kind === 'alias') {
    const model = typed(declaration.type);
    model.name = declaration.name;
    return model;
  }
  // Keyed by position: the keys themselves may be `__proto__`.
  const members = declaration.properties.map(
    ({ key, required, type, doc }, index) =>
      [`p${index}`, new library.ObjectPropertyModel(key, required, typed(type, doc))] as const,
  );
  const index = declaration.index && new library.ObjectPropertyModel(INDEX, true, typed(declaration.index));
  const properties = Object.fromEntries([...members, ...(index ? [['index', index] as const] : [])]);
  return new library.ObjectModel(declaration.name, { weak: declaration.weak } satisfies Carried, {}, properties);
}

function withDoc(doc: Doc | undefined, content: string): string {
  const text = doc ? docText(doc) : '';
  return text === '' ? content : `${text}\n${content}`;
}

/** A type in TypeScript; everything of the contract in it is escaped. */
function typeText(type: TypeExpression | undefined): string {
  if (type === undefined) return 'unknown';
  switch (type.kind) {
    case 'literal':
      return typeof type.value === 'string' ? stringLiteral(type.value) : JSON.stringify(type.value);
    case 'array':
      return `readonly ${grouped(type.item)}[]`;
    case 'tuple': {
      const items = type.items.map((item, index) => (index < type.required ? typeText(item) : `${grouped(item)}?`));
      return `readonly [${[...items, ...(type.rest ? [`...${grouped(type.rest)}[]`] : [])].join(', ')}]`;
    }
    case 'dictionary':
      return `{ [key: string]: ${typeText(type.value)} }`;
    case 'union':
      return type.of.map(typeText).join(' | ');
    case 'name':
      return type.name;
    default:
      return type.kind;
  }
}

function grouped(type: TypeExpression): string {
  return type.kind === 'union' || type.kind === 'array' || type.kind === 'tuple'
    ? `(${typeText(type)})`
    : typeText(type);
}
