import {
  type ContentFacts,
  catalogueHttp,
  type HttpCatalogue,
  type OperationFacts,
  type ReplyFacts,
} from '../../../generator/emit/http/catalogue.js';
import { providerDocuments } from '../../../generator/emit/http/documents.js';
import { basePathOf } from '../../../generator/emit/pact/http-interactions.js';
import { checkOf } from '../../../generator/emit/pact/sample.js';
import { catalogueMessages } from '../../../generator/emit/typescript/catalogue.js';
import type { Model } from '../../../generator/model/types.js';
import type { SchemaError } from '../../../generator/schema/ajv.js';
import type { SchemaGraph } from '../../../generator/schema/node.js';

/** An operation of the service with the document that it comes from. */
export interface ContractOperation {
  readonly catalogue: HttpCatalogue;
  readonly facts: OperationFacts;
  /** Path of the document's first server. */
  readonly basePath: string;
}

/** What the contracts say of one provider, to hold real answers and messages against. */
export interface ProviderContract {
  readonly operations: readonly ContractOperation[];
  operation(id: string | undefined): ContractOperation | undefined;
  /** What an answer breaks; a status or a media type that nobody documented is told as well. */
  answerProblems(
    operation: ContractOperation,
    status: number,
    contentType: string,
    body: Uint8Array,
  ): readonly Problem[];
  /** What a payload breaks. */
  messageProblems(message: string, payload: unknown): readonly Problem[];
}

export interface Problem {
  readonly path: string;
  readonly sentence: string;
}

export function providerContract(model: Model, service: string): ProviderContract {
  const operations = providerDocuments(model)
    .filter((document) => document.service === service)
    .map((document) => catalogueHttp(model, document))
    .flatMap((catalogue) =>
      catalogue.operations.map((facts) => ({ catalogue, facts, basePath: basePathOf(catalogue) })),
    );
  let messages: SchemaGraph | undefined;
  return {
    operations,
    operation: (id) => operations.find(({ facts }) => facts.operation.id === id),
    answerProblems: ({ catalogue, facts }, status, contentType, body) => {
      const reply = replyFor(facts, status);
      if (reply === undefined) return [{ path: '', sentence: `the contract documents no answer ${status}` }];
      if (reply.content.length === 0) return [];
      const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
      const content = contentFor(reply, type);
      if (content === undefined)
        return [{ path: '', sentence: `the contract documents no answer ${status} with "${type}"` }];
      if (content.kind !== 'json' || content.id === undefined) return [];
      const value = parsed(body);
      if (value === undefined) return [{ path: '', sentence: 'the answer is no JSON' }];
      return checkOf(catalogue.graph, content.id)(value).map(problemOf);
    },
    messageProblems: (message, payload) => {
      messages ??= catalogueMessages(model).graph;
      const id = messages.roots.get(message);
      return id === undefined ? [] : checkOf(messages, id)(payload).map(problemOf);
    },
  };
}

function replyFor({ replies }: OperationFacts, status: number): ReplyFacts | undefined {
  const wanted = [String(status), `${String(status)[0]}XX`, 'default'];
  return wanted.map((each) => replies.find((reply) => reply.status === each)).find((reply) => reply !== undefined);
}

function contentFor({ content }: ReplyFacts, type: string): ContentFacts | undefined {
  return content.find(
    ({ mediaType }) =>
      mediaType === type ||
      mediaType === '*/*' ||
      (mediaType.endsWith('/*') && type.startsWith(mediaType.slice(0, -1))),
  );
}

function problemOf({ instancePath, message }: SchemaError): Problem {
  const path = `$${instancePath.replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.')}`;
  return { path, sentence: `${path === '$' ? 'the value' : path} ${message}` };
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
