import { createHash } from 'node:crypto';
import type * as OpenapiTypescript from 'openapi-typescript';
import type { Finding } from '../../diagnostics/finding.js';
import { canonicalJson, closure } from '../../schema/edges.js';
import type { NodeId, SchemaGraph } from '../../schema/node.js';
import { standaloneModule } from '../../schema/standalone-module.js';
import type { PlannedFile } from '../emitter.js';
import { catalogueHttp, type HttpCatalogue } from '../http/catalogue.js';
import { type HttpModel, providerDocuments } from '../http/documents.js';
import { schemaOf } from '../http/printable.js';
import { tolerant } from '../http/tolerant.js';
import { validatorNames } from '../http/validator-names.js';
import { commentText, docComment } from '../names.js';
import { problemFinding } from '../schema-problems.js';
import type { HttpTypeIndex, TypedDocument } from '../types.js';
import type { Declaration } from '../typescript/declaration.js';
import type { RenderCache } from './messages.js';

export interface PlannedHttpTypes {
  readonly files: readonly PlannedFile[];
  readonly index: HttpTypeIndex;
  readonly findings: readonly Finding[];
}

/** Changes whenever rendering does, so that results of older versions are not used. */
const RENDERING = 'http 1';

/**
 * Types and validators of every provider's OpenAPI documents: `http/<service>.types.gen.ts`, `.requests.gen.ts` (what servers check) and
 * `.replies.gen.ts` (what clients check, as tolerant readers).
 *
 * A type holds every value that its validator accepts. openapi-typescript prints the types; it is loaded only when the cache does not have them all.
 */
export async function planHttpTypes(model: HttpModel, cache: RenderCache): Promise<PlannedHttpTypes> {
  const files: PlannedFile[] = [];
  const documents: TypedDocument[] = [];
  const findings: Finding[] = [];
  for (const document of providerDocuments(model)) {
    const catalogue = catalogueHttp(model, document);
    findings.push(...catalogue.problems.map((problem) => problemFinding(problem, model)));
    const { declarations, graph } = catalogue;
    const texts = await cached(cache, ['types', declarations], () => printTypes(declarations));
    files.push(typesFile(catalogue, texts));
    const typed = { ...catalogue, ...validatorNames(catalogue) };
    documents.push(typed);
    files.push(...(await validatorFile(typed, 'requests', graph, typed.requests, cache)));
    files.push(...(await validatorFile(typed, 'replies', tolerant(graph), typed.replies, cache)));
  }
  return { files, index: { documents }, findings };
}

async function cached<T>(cache: RenderCache, what: unknown, make: () => T | Promise<T>): Promise<T> {
  const key = createHash('sha256')
    .update(canonicalJson([RENDERING, what]))
    .digest('hex');
  const known = cache.get(key);
  if (known !== undefined) return JSON.parse(known) as T;
  const made = await make();
  cache.set(key, JSON.stringify(made));
  return made;
}

function typesFile({ document, declarations }: HttpCatalogue, texts: readonly string[]): PlannedFile {
  return {
    ...planned(document.source, `${document.stem}.types.gen.ts`, 'http-types'),
    view: {
      source: commentText(document.source),
      types: declarations.map(({ doc }, index) => ({
        doc: docOf(doc.description, doc.deprecated),
        text: texts[index] ?? '',
      })),
    },
  };
}

async function validatorFile(
  { document }: HttpCatalogue,
  part: 'requests' | 'replies',
  graph: SchemaGraph,
  names: ReadonlyMap<NodeId, string>,
  cache: RenderCache,
): Promise<readonly PlannedFile[]> {
  if (names.size === 0) return [];
  const ids = [...names.keys()];
  const module = await cached(cache, ['validators', ids, assertionsOf(graph, ids)], () => {
    const { code, runtime, entries } = standaloneModule(graph, ids);
    return { code, runtime, entries: Object.fromEntries(entries) };
  });
  return [
    {
      ...planned(document.source, `${document.stem}.${part}.gen.ts`, 'http-validators'),
      view: {
        source: commentText(document.source),
        runtime: module.runtime.map((name) => `${name}, `).join(''),
        code: module.code,
        validators: ids.map((id) => ({ name: names.get(id) ?? '', entry: module.entries[id] ?? '' })),
      },
    },
  ];
}

/** What validators depend on: schemas without the words about them. */
function assertionsOf(graph: SchemaGraph, ids: readonly NodeId[]): unknown {
  const reached = new Set(ids.flatMap((id) => closure((each) => graph.node(each), id)));
  return [...reached].map((each) => {
    const { origin: _, description: _text, title: _title, examples: _examples, ...rest } = graph.node(each);
    return rest;
  });
}

function planned(source: string, path: string, template: string): Omit<PlannedFile, 'view'> {
  return { base: 'output', path, ownership: 'owned', source, emitter: 'http-types', template };
}

function docOf(description: string | undefined, deprecated: boolean | undefined): string {
  const [first, ...more] = [
    ...(description === undefined ? [] : [description]),
    ...(deprecated ? ['@deprecated'] : []),
  ];
  return first === undefined ? '' : docComment(first, ...more);
}

// ---- openapi-typescript ----

let library: Promise<typeof OpenapiTypescript> | undefined;

/** Starts loading openapi-typescript, which takes most of a second. */
export function loadOpenapiTypescript(): Promise<typeof OpenapiTypescript> {
  library ??= import('openapi-typescript');
  return library;
}

/**
 * Prints declarations in order. openapi-typescript gets one schema at a time, and only what it prints exactly: its own reading of documents would
 * fetch what they refer to, and gives types that do not compile for unions that hold themselves.
 */
async function printTypes(declarations: readonly Declaration[]): Promise<readonly string[]> {
  const { transformSchemaObject, astToString } = await loadOpenapiTypescript();
  return declarations.map((declaration) => {
    const node = transformSchemaObject(schemaOf(declaration) as Schema, { path: '#/', ctx: context });
    const text = twoSpaces((astToString(node) as string).trim());
    if (declaration.kind === 'alias') return `type ${declaration.name} = ${text};`;
    if (declaration.weak) return `type ${declaration.name} = object & ${text};`;
    // With an index signature it is an intersection, which an interface cannot be.
    return declaration.index === undefined
      ? `interface ${declaration.name} ${text}`
      : `type ${declaration.name} = ${text};`;
  });
}

/** The printer indents by four. */
function twoSpaces(text: string): string {
  return text.replace(/^(?: {4})+/gm, (indentation) => indentation.slice(indentation.length / 2));
}

type Schema = Parameters<typeof OpenapiTypescript.transformSchemaObject>[0];
type Context = Parameters<typeof OpenapiTypescript.transformSchemaObject>[1]['ctx'];

/** The options that matter: lists are readonly like those of messages, `default` does not make a property required. */
const context = {
  additionalProperties: false,
  alphabetize: false,
  arrayLength: false,
  conditionalEnums: false,
  dedupeEnums: false,
  defaultNonNullable: false,
  discriminators: { objects: {}, refsHandled: [] },
  emptyObjectsUnknown: true,
  enum: false,
  enumValues: false,
  excludeDeprecated: false,
  exportType: false,
  immutable: true,
  injectFooter: [],
  makePathsEnum: false,
  generatePathParams: false,
  pathParamsAsTypes: false,
  propertiesRequiredByDefault: false,
  readWriteMarkers: false,
  rootTypes: false,
  rootTypesKeepCasing: false,
  rootTypesNoSchemaPrefix: false,
  silent: true,
  resolve: () => undefined,
} as unknown as Context;
