import type { Model } from '../../model/types.js';
import type { NodeId } from '../../schema/node.js';
import type { Emitter } from '../emitter.js';
import type { ContentFacts, OperationFacts, ParameterFacts, ReplyFacts } from '../http/catalogue.js';
import { operationDoc } from '../http/operation-doc.js';
import { allowedCallers, personalBodyPaths } from '../http/server-facts.js';
import { mayBeRead } from '../http/validator-names.js';
import { fieldsText, valueTypeText } from '../http/value-type.js';
import { commentText, stringLiteral, variableName } from '../names.js';
import type { TypedDocument } from '../types.js';

/** `http/<service>.operations.gen.ts`: what client and server of a provider need to know of each operation. */
export const httpOperations: Emitter = {
  name: 'http-operations',
  summary: 'how each HTTP operation is called and answered',
  *plan({ http, model }) {
    for (const typed of http.documents) {
      const { document } = typed;
      yield {
        base: 'output',
        path: `${document.stem}.operations.gen.ts`,
        ownership: 'owned',
        source: document.source,
        emitter: this.name,
        template: 'http-operations',
        view: {
          source: commentText(document.source),
          imports: (['requests', 'replies'] as const)
            .filter((part) => typed[part].size > 0)
            .map((part) => `import * as ${part} from './${baseName(document.stem)}.${part}.gen.js';`),
          operations: typed.operations.map((operation) => ({
            doc: operationDoc(operation),
            variable: operationVariable(operation),
            lines: linesOf(operation, typed, model),
          })),
        },
      };
    }
  },
};

/** Name of the exported definition; unlike a method it may not be a reserved word. */
export function operationVariable({ name }: Pick<OperationFacts, 'name'>): string {
  return variableName(name);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function linesOf(facts: OperationFacts, typed: TypedDocument, model: Model): readonly string[] {
  const { operation, parameters, parametersId, body, replies } = facts;
  const { method, path, security } = operation.definition;
  const validator = (part: 'requests' | 'replies', id: NodeId | undefined): string | undefined => {
    const name = id === undefined ? undefined : typed[part].get(id);
    return name === undefined ? undefined : `${part}.${name}`;
  };
  const callers = allowedCallers(model, operation);
  const redact = personalBodyPaths(model, operation);
  const validateParameters = validator('requests', parametersId);
  return [
    `name: ${stringLiteral(facts.name)},`,
    `method: ${stringLiteral(method.toUpperCase())},`,
    `path: ${stringLiteral(path)},`,
    ...listLines('parameters', parameters.map(parameterText)),
    ...(validateParameters === undefined ? [] : [`validateParameters: ${validateParameters},`]),
    ...(body === undefined
      ? []
      : [
          'body: {',
          `  required: ${body.required},`,
          ...listLines(
            'content',
            body.content.map((content) => contentText(content, validator('requests', content.id))),
          ).map((line) => `  ${line}`),
          '},',
        ]),
    ...listLines(
      'replies',
      replies.map((reply) =>
        replyText(reply, (id) => (mayBeRead(reply.status) ? validator('replies', id) : undefined)),
      ),
    ),
    `security: ${listText(security ?? [])},`,
    ...(callers === undefined ? [] : [`callers: ${listText(callers)},`]),
    ...(redact.length === 0 ? [] : [`redact: ${listText(redact)},`]),
  ];
}

function listText(names: readonly string[]): string {
  return `[${[...new Set(names)].map(stringLiteral).join(', ')}]`;
}

function listLines(name: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [`${name}: [],`] : [`${name}: [`, ...items.map((item) => `  ${item},`), '],'];
}

function parameterText({ parameter, as, value, json }: ParameterFacts): string {
  const style = json ? 'json' : parameter.style;
  return object([
    `name: ${stringLiteral(parameter.name)}`,
    `in: ${stringLiteral(parameter.in)}`,
    `as: ${stringLiteral(as)}`,
    `required: ${parameter.required}`,
    `type: ${valueTypeText(value)}`,
    style !== undefined && styles.has(style) && `style: ${stringLiteral(style)}`,
    parameter.explode !== undefined && `explode: ${parameter.explode}`,
  ]);
}

/** Styles of the specification; another one is read as the default. */
const styles = new Set(['simple', 'label', 'matrix', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject', 'json']);

function replyText({ status, content }: ReplyFacts, validator: (id: NodeId | undefined) => string | undefined): string {
  const contents = content.map((each) => contentText(each, validator(each.id)));
  return object([`status: ${stringLiteral(status)}`, `content: [${contents.join(', ')}]`]);
}

function contentText({ mediaType, kind, fields }: ContentFacts, validate: string | undefined): string {
  return object([
    `type: ${stringLiteral(mediaType)}`,
    `kind: ${stringLiteral(kind)}`,
    fields !== undefined && `fields: ${fieldsText(fields)}`,
    validate !== undefined && `validate: ${validate}`,
  ]);
}

function object(parts: readonly (string | false)[]): string {
  return `{ ${parts.filter((part) => part !== false).join(', ')} }`;
}
