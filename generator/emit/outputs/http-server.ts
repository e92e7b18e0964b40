import type { Model } from '../../model/types.js';
import type { EmitInput, Emitter } from '../emitter.js';
import type { ContentFacts, OperationFacts } from '../http/catalogue.js';
import { indented, operationDoc } from '../http/operation-doc.js';
import { moduleImports, providerModules } from '../http/provider-modules.js';
import { replyTypes } from '../http/reply-type.js';
import { contentTypeText, groupMembers } from '../http/request-type.js';
import { allowedCallers, flagsOf } from '../http/server-facts.js';
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
        view: serverView(service.name, documents, input.model),
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
  /** Whether handlers get `once`, which asks for the service. */
  readonly keyed: boolean;
}

export function serverNames(
  service: string,
  { http, model }: Pick<EmitInput, 'http' | 'model'>,
): ServerNames | undefined {
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
    secured: facts.some((each) => isSecured(model, each)),
    keyed: facts.some(takesKey),
  };
}

function serverView(
  service: string,
  documents: readonly TypedDocument[],
  model: Model,
): Readonly<Record<string, unknown>> {
  const modules = providerModules(documents);
  const all = documents.flatMap((document) => document.operations.map((facts) => ({ document, facts })));
  const pascal = typeName(service);
  const reserved = [
    `${pascal}Operations`,
    `${pascal}Transaction`,
    'Once',
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
  const transaction = `${pascal}Transaction`;
  const views = all.map((each) => {
    const { types = '', operations = '' } = modules.get(each.document) ?? {};
    const name = names.get(each) ?? '';
    const once = `readonly once: Once<${transaction}, ${name}Reply>;`;
    return {
      name: `${name}Call`,
      reply: `${name}Reply`,
      members: [...callMembers(each.facts, types), ...(takesKey(each.facts) ? [once] : [])],
      replies: endedBySemicolon(replyTypes(each.facts, types)),
      doc: indented(operationDoc(each.facts)),
      method: propertyKey(each.facts.name),
      definition: `${operations}.${operationVariable(each.facts)}`,
    };
  });
  const text = views.flatMap(({ members, replies, definition }) => [...members, ...replies, definition]).join('\n');
  const secured = all.some(({ facts }) => isSecured(model, facts));
  const keyed = all.some(({ facts }) => takesKey(facts));
  const helpers = ['Once', 'ReplyHeaders', 'StatusOf'].filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  const options = secured ? 'SecuredServerOptions' : 'ServerOptions';
  const flags = all.flatMap(({ facts }) => flagLine(model, facts));
  return {
    source: commentText(documents.map(({ document }) => document.source).join(', ')),
    runtimeTypes: ['HttpServer', ...helpers, options, 'ServerCall', 'ServerDefinition'].sort().join(', '),
    imports: [
      ...moduleImports(modules, text, '../'),
      ...(keyed ? [`import type { ${transaction} } from './producers.gen.js';`] : []),
    ],
    flags,
    hasFlags: flags.length > 0,
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
      ...(keyed
        ? ['`service` keeps the answers of operations with an idempotency key, in the transactions of `once`.']
        : []),
    ),
    options: keyed ? `${options}<Caller, ${transaction}>` : `${options}<Caller>`,
    optional: !secured,
  };
}

function endedBySemicolon(lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => (index === lines.length - 1 ? `${line};` : line));
}

function isSecured(model: Model, { operation }: OperationFacts): boolean {
  return (operation.definition.security ?? []).length > 0 || allowedCallers(model, operation) !== undefined;
}

function takesKey({ operation }: OperationFacts): boolean {
  return operation.idempotencyHeader !== undefined;
}

function flagLine(model: Model, { operation, name }: OperationFacts): readonly string[] {
  const flags = flagsOf(model, operation).map(
    (flag) => `{ name: ${stringLiteral(flag.name)}, default: ${flag.default}, offStatus: ${flag.offStatus} }`,
  );
  return flags.length === 0 ? [] : [`${propertyKey(name)}: [${flags.join(', ')}],`];
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
