import type { EmitInput, Emitter } from '../emitter.js';
import type { ContentFacts, OperationFacts } from '../http/catalogue.js';
import { indented, operationDoc } from '../http/operation-doc.js';
import { moduleImports, providerModules } from '../http/provider-modules.js';
import { replyTypes } from '../http/reply-type.js';
import { contentTypeText, groupMembers } from '../http/request-type.js';
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

/** `<service>/server.gen.ts`: what a service has to answer, and the server that asks for it. */
export const httpServer: Emitter = {
  name: 'http-server',
  summary: 'typed HTTP servers',
  *plan(input) {
    for (const { service, provides } of servicesToEmit(input.model)) {
      if (provides.length === 0) continue;
      const documents = input.http.documents.filter(({ document }) => document.service === service.name);
      yield {
        base: 'output',
        path: `${pathSegment(service.name)}/server.gen.ts`,
        ownership: 'owned',
        source: documents[0]?.document.source ?? service.at.file,
        emitter: this.name,
        template: 'server',
        view: serverView(service.name, documents),
      };
    }
  },
};

/** Names that a skeleton of the service refers to; undefined when it answers nothing. */
export interface ServerNames {
  /** Interface of the handlers, such as `CommonOperations`. */
  readonly operations: string;
  /** Function that makes the server, such as `createCommonServer`. */
  readonly create: string;
  /** Module relative to the output folder, without extension. */
  readonly module: string;
  /** Method names, in the order of the contracts. */
  readonly methods: readonly string[];
  /** Whether `authenticate` has to be passed. */
  readonly secured: boolean;
}

export function serverNames(service: string, { http }: Pick<EmitInput, 'http'>): ServerNames | undefined {
  const facts = http.documents
    .filter(({ document }) => document.service === service)
    .flatMap(({ operations }) => operations);
  if (facts.length === 0) return undefined;
  const pascal = typeName(service);
  return {
    operations: `${pascal}Operations`,
    create: `create${pascal}Server`,
    module: `${pathSegment(service)}/server.gen`,
    methods: facts.map(({ name }) => name),
    secured: facts.some(isSecured),
  };
}

function serverView(service: string, documents: readonly TypedDocument[]): Readonly<Record<string, unknown>> {
  const modules = providerModules(documents);
  const all = documents.flatMap((document) => document.operations.map((facts) => ({ document, facts })));
  const pascal = typeName(service);
  const reserved = [
    `${pascal}Operations`,
    'ServerCall',
    'ServerOptions',
    'SecuredServerOptions',
    'ServerDefinition',
    'HttpServer',
    'ReplyHeaders',
    'StatusOf',
  ];
  const names = distinct<(typeof all)[number] | string>([...reserved, ...all], (key) =>
    typeof key === 'string' ? key : typeName(key.facts.name),
  );
  const views = all.map((each) => {
    const { types = '', operations = '' } = modules.get(each.document) ?? {};
    const name = names.get(each) ?? '';
    return {
      name: `${name}Call`,
      reply: `${name}Reply`,
      members: callMembers(each.facts, types),
      replies: endedBySemicolon(replyTypes(each.facts, types)),
      doc: indented(operationDoc(each.facts)),
      method: propertyKey(each.facts.name),
      definition: `${operations}.${operationVariable(each.facts)}`,
    };
  });
  const text = views.flatMap(({ members, replies, definition }) => [...members, ...replies, definition]).join('\n');
  const secured = all.some(({ facts }) => isSecured(facts));
  const helpers = ['ReplyHeaders', 'StatusOf'].filter((name) => text.includes(name));
  const options = secured ? 'SecuredServerOptions' : 'ServerOptions';
  return {
    source: commentText(documents.map(({ document }) => document.source).join(', ')),
    runtimeTypes: ['HttpServer', ...helpers, options, 'ServerCall', 'ServerDefinition'].sort().join(', '),
    imports: moduleImports(modules, text, '../'),
    operations: views,
    interface: `${pascal}Operations`,
    interfaceDoc: docComment(`What ${service} answers: one method per operation of its contract.`),
    definition: `${variableName(pascal)}Definition`,
    service: stringLiteral(service),
    basePath: stringLiteral(basePathOf(documents)),
    create: `create${pascal}Server`,
    createDoc: docComment(
      `The HTTP server of ${service}. Nothing listens before \`listen()\`; \`fetch\` answers without a port.`,
      ...(secured
        ? [
            "The contract secures operations: `authenticate` says who calls, 'none' leaves that to whoever stands in front.",
          ]
        : []),
    ),
    options,
    optional: !secured,
  };
}

function endedBySemicolon(lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => (index === lines.length - 1 ? `${line};` : line));
}

function isSecured({ operation }: OperationFacts): boolean {
  return (operation.definition.security ?? []).length > 0;
}

/** What a handler gets beside caller, correlation id and log. */
function callMembers(facts: OperationFacts, prefix: string): readonly string[] {
  const groups = groupMembers(facts.parameters, prefix).map((text) => `${text.replace(/^(readonly \w+)\?/, '$1')};`);
  const { body } = facts;
  if (body === undefined) return groups;
  const [only, second] = body.content;
  const type = (content: ContentFacts) => `${content.type(prefix)}${body.required ? '' : ' | undefined'}`;
  if (only !== undefined && second === undefined) return [...groups, `readonly body: ${type(only)};`];
  // Which type the body has follows from the media type; both lie in one member so that it narrows.
  const variants = body.content.map(
    (content) => `{ readonly contentType: ${contentTypeText(content.mediaType)}; readonly value: ${type(content)} }`,
  );
  return [...groups, `readonly content: ${variants.join(' | ')};`];
}

/** Path of the first server, which clients put before the paths of the contract too. */
function basePathOf(documents: readonly TypedDocument[]): string {
  const [server] = documents.flatMap(({ document }) => document.servers);
  if (server === undefined) return '';
  const path = URL.canParse(server, 'http://localhost') ? new URL(server, 'http://localhost').pathname : '';
  return path.replace(/\/+$/, '');
}
