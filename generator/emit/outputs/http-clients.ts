import type { HttpEdge, Policy, Service } from '../../model/types.js';
import type { EmitInput, Emitter, PlannedFile } from '../emitter.js';
import type { OperationFacts } from '../http/catalogue.js';
import { indented, operationDoc } from '../http/operation-doc.js';
import { fallsBackToNull, policyLiteral } from '../http/policy-literal.js';
import { moduleImports, type ProviderModules, providerModules } from '../http/provider-modules.js';
import { requestType, resultType } from '../http/request-type.js';
import {
  commentText,
  distinct,
  docComment,
  pathSegment,
  propertyKey,
  stringLiteral,
  typeName,
  variableName,
} from '../names.js';
import { servicesToEmit } from '../service-facts.js';
import type { TypedDocument } from '../types.js';
import { operationVariable } from './http-operations.js';

/**
 * `<service>/clients.gen.ts`: a typed client per provider that the service's `http:` edges name. A folder with nothing but OpenAPI documents gets
 * `http/<service>.client.gen.ts` with every operation, so that such a document is useful by itself.
 */
export const httpClients: Emitter = {
  name: 'http-clients',
  summary: 'typed HTTP clients',
  *plan(input) {
    for (const { service, calls } of servicesToEmit(input.model)) {
      const providers = calledProviders(calls, input);
      if (providers.length > 0) yield clientsOf(service, providers);
    }
    if (input.model.features.size > 0 || input.model.http.length > 0) return;
    for (const [service, documents] of byService(input.http.documents)) yield aloneClient(service, documents);
  },
};

/** One provider and what a caller uses of it. */
interface Provider {
  readonly name: string;
  readonly calls: readonly UsedOperation[];
  /** The edges that ask for it, for the reader. */
  readonly sources: readonly string[];
}

interface UsedOperation {
  readonly facts: OperationFacts;
  readonly document: TypedDocument;
  readonly nullOn: readonly number[];
  readonly policy: Policy | undefined;
}

/** Providers in the order of the edges. Several edges to one operation share a method; the first edge decides on its policy. */
function calledProviders(edges: readonly HttpEdge[], { http }: EmitInput): readonly Provider[] {
  return [...new Set(edges.map((edge) => edge.to))].flatMap((name) => {
    const own = edges.filter((edge) => edge.to === name);
    const calls = http.documents
      .filter(({ document }) => document.service === name)
      .flatMap((document) => document.operations.flatMap((facts) => usedOperation(facts, document, own)));
    return calls.length === 0 ? [] : [{ name, calls, sources: own.map(({ at }) => `${at.file}:${at.line}`) }];
  });
}

/** Property of each provider's client in the service's clients, by provider. */
export function clientProperties(input: EmitInput, edges: readonly HttpEdge[]): ReadonlyMap<string, string> {
  const providers = calledProviders(edges, input);
  const properties = propertiesOf(providers);
  return new Map(providers.map((provider) => [provider.name, properties.get(provider) ?? '']));
}

function propertiesOf(providers: readonly Provider[]): ReadonlyMap<Provider, string> {
  return distinct(providers, ({ name }) => variableName(name).replace(/_$/, ''));
}

function usedOperation(
  facts: OperationFacts,
  document: TypedDocument,
  edges: readonly HttpEdge[],
): readonly UsedOperation[] {
  const asking = edges.filter((edge) => edge.operations.some(({ id }) => id === facts.operation.id));
  if (asking.length === 0) return [];
  const policy = asking.find((edge) => edge.policy !== undefined)?.policy;
  const nullOn = [...new Set(asking.flatMap((edge) => edge.nullOn))].sort((a, b) => a - b);
  return [{ facts, document, nullOn, policy }];
}

function byService(documents: readonly TypedDocument[]): ReadonlyMap<string, readonly TypedDocument[]> {
  const found = new Map<string, readonly TypedDocument[]>();
  for (const each of documents) found.set(each.document.service, [...(found.get(each.document.service) ?? []), each]);
  return found;
}

function clientsOf(service: Service, providers: readonly Provider[]): PlannedFile {
  const pascal = typeName(service.name);
  const modules = modulesOf(providers);
  const names = distinct(providers, ({ name }) => typeName(name));
  const views = providers.map((provider) => providerView(provider, names.get(provider) ?? '', service.name, modules));
  const properties = propertiesOf(providers);
  return {
    ...planned(`${pathSegment(service.name)}/clients.gen.ts`, service.at.file),
    view: {
      source: commentText(service.at.file),
      imports: moduleImports(modules, textOf(views), '../'),
      providers: views,
      all: {
        type: `${pascal}Clients`,
        doc: docComment(`The services that ${service.name} calls.`),
        create: `create${pascal}Clients`,
        createDoc: docComment(
          `Clients of ${service.name}. Addresses come from \`urls\`, from \`SEAMWRIGHT_URL_<SERVICE>\`, or from the contract.`,
        ),
        members: providers.map((provider) => {
          const property = propertyKey(properties.get(provider) ?? '');
          const name = names.get(provider) ?? '';
          return { property, type: `${name}Client`, definition: `${variableName(name)}Definition` };
        }),
      },
    },
  };
}

function aloneClient(service: string, documents: readonly TypedDocument[]): PlannedFile {
  const calls = documents.flatMap((document) =>
    document.operations.map((facts): UsedOperation => ({ facts, document, nullOn: [], policy: undefined })),
  );
  const sources = documents.map(({ document }) => document.source);
  const provider: Provider = { name: service, calls, sources };
  const modules = modulesOf([provider]);
  const view = providerView(provider, typeName(service), service, modules);
  return {
    ...planned(`http/${pathSegment(service)}.client.gen.ts`, sources[0] ?? ''),
    view: {
      source: commentText(sources.join(', ')),
      imports: moduleImports(modules, textOf([view]), '../'),
      providers: [
        {
          ...view,
          create: `create${view.name}Client`,
          createDoc: docComment(
            `A client of every operation of ${service}. The address comes from \`urls\`, from \`SEAMWRIGHT_URL_<SERVICE>\`, or from the contract.`,
          ),
        },
      ],
      all: false,
    },
  };
}

function planned(path: string, source: string): Omit<PlannedFile, 'view'> {
  return { base: 'output', path, ownership: 'owned', source, emitter: 'http-clients', template: 'clients' };
}

function modulesOf(providers: readonly Provider[]): ReadonlyMap<TypedDocument, ProviderModules> {
  return providerModules([...new Set(providers.flatMap(({ calls }) => calls.map(({ document }) => document)))]);
}

function providerView(
  provider: Provider,
  name: string,
  caller: string,
  modules: ReadonlyMap<TypedDocument, ProviderModules>,
) {
  const modulesFor = (document: TypedDocument): ProviderModules =>
    modules.get(document) ?? { types: '', operations: '' };
  const servers = [...new Set(provider.calls.flatMap(({ document }) => document.document.servers))];
  return {
    name,
    type: `${name}Client`,
    doc: docComment(
      caller === provider.name
        ? `${provider.name}, with all its operations.`
        : `${provider.name} as ${caller} calls it.`,
      `Source: ${provider.sources.join(', ')}`,
    ),
    definition: `${variableName(name)}Definition`,
    provider: stringLiteral(provider.name),
    caller: stringLiteral(caller),
    servers: servers.map(stringLiteral).join(', '),
    create: '',
    createDoc: '',
    methods: provider.calls.map(({ facts, document, nullOn, policy }) => {
      const { types } = modulesFor(document);
      const request = requestType(facts, types);
      const argument =
        request === undefined
          ? 'request?: Readonly<Record<string, never>>'
          : `request${request.optional ? '?' : ''}: ${request.text}`;
      return {
        doc: indented(operationDoc(facts, ...answerDoc(provider.name, facts, nullOn, policy))),
        signature: `${propertyKey(facts.name)}(${argument}, options?: CallOptions): Promise<${resultType(facts.replies, nullOn.length > 0 || fallsBackToNull(policy), types)}>`,
      };
    }),
    calls: provider.calls.map(({ facts, document, nullOn, policy }) => {
      const nested = requestType(facts, '')?.nested ?? false;
      const operation = `${modulesFor(document).operations}.${operationVariable(facts)}`;
      return `${propertyKey(facts.name)}: { operation: ${operation}, nullOn: [${nullOn.join(', ')}], nested: ${nested}, policy: ${policyLiteral(policy)} },`;
    }),
  };
}

/** What comes instead of a body. */
function answerDoc(
  provider: string,
  { replies }: OperationFacts,
  nullOn: readonly number[],
  policy: Policy | undefined,
): readonly string[] {
  const failures = replies
    .map(({ status }) => status)
    .filter((status) => /^[1345]\d\d$|^[1345]XX$/.test(status) && !nullOn.includes(Number(status)));
  return [
    ...(nullOn.length === 0 ? [] : [`Null when ${provider} answers ${nullOn.join(' or ')}.`]),
    ...(fallsBackToNull(policy) ? [`Null when ${provider} cannot be asked.`] : []),
    ...(failures.length === 0 ? [] : [`Throws \`HttpStatusError\` for ${failures.join(', ')}.`]),
  ];
}

/** Everything that may mention an imported namespace. */
function textOf(views: readonly ReturnType<typeof providerView>[]): string {
  return views.flatMap(({ methods, calls }) => [...methods.map(({ signature }) => signature), ...calls]).join('\n');
}
