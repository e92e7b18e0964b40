import { propertyKey, stringLiteral } from '../names.js';
import {
  type ContentFacts,
  groupNames,
  type OperationFacts,
  type ParameterFacts,
  type ReplyFacts,
} from './catalogue.js';
import { mustNest } from './parameters.js';

/** The one argument of a client's method. */
export interface RequestType {
  readonly text: string;
  /** Everything in it may be left out. */
  readonly optional: boolean;
  /** Parameters lie in groups, because their names clash. */
  readonly nested: boolean;
}

/** `{ readonly customerId: string; readonly body: CreateInvoice; readonly idempotencyKey: string }`; undefined when there is nothing to say. */
export function requestType(facts: OperationFacts, prefix: string): RequestType | undefined {
  const { body } = facts;
  const parameters = facts.parameters.map(asAsked);
  if (parameters.length === 0 && body === undefined) return undefined;
  const nested = mustNest(parameters, body !== undefined);
  const optional = parameters.every(({ parameter }) => !parameter.required) && body?.required !== true;
  const members = nested ? groupMembers(parameters, prefix) : parameters.map((parameter) => member(parameter, prefix));
  const bodies = bodyTypes(body?.content ?? [], body?.required === true, prefix);
  const base = `{ ${[...members, ...(bodies.length === 1 ? bodies : [])].join('; ')} }`;
  const text =
    bodies.length < 2
      ? base
      : `${members.length === 0 ? '' : `${base} & `}(${bodies.map((each) => `{ ${each} }`).join(' | ')})`;
  return { text, optional, nested };
}

/** A client makes the idempotency key itself; whoever has one of their own may bring it. */
function asAsked(facts: ParameterFacts): ParameterFacts {
  const { parameter, as } = facts;
  const isKey = parameter.in === 'header' && as === 'idempotencyKey';
  return isKey ? { ...facts, parameter: { ...parameter, required: false } } : facts;
}

/** The groups `path`, `query`, `headers` and `cookies`, those that the operation has. */
export function groupMembers(parameters: readonly ParameterFacts[], prefix: string): readonly string[] {
  return Object.entries(groupNames).flatMap(([place, group]) => {
    const members = parameters.filter(({ parameter }) => parameter.in === place);
    if (members.length === 0) return [];
    const optional = members.every(({ parameter }) => !parameter.required);
    return [`readonly ${group}${optional ? '?' : ''}: { ${members.map((each) => member(each, prefix)).join('; ')} }`];
  });
}

function member({ parameter, as, type }: ParameterFacts, prefix: string): string {
  return `readonly ${propertyKey(as)}${parameter.required ? '' : '?'}: ${type(prefix)}`;
}

/** One member per media type; with several, `contentType` says which one is meant, and the first is the default. */
function bodyTypes(content: readonly ContentFacts[], required: boolean, prefix: string): readonly string[] {
  const mark = required ? '' : '?';
  if (content.length === 1) return content.map(({ type }) => `readonly body${mark}: ${type(prefix)}`);
  return content.map(({ mediaType, type }, index) => {
    return `readonly contentType${index === 0 ? '?' : ''}: ${contentTypeText(mediaType)}; readonly body${mark}: ${type(prefix)}`;
  });
}

/** A range stands for every type in it. */
export function contentTypeText(mediaType: string): string {
  return mediaType.includes('*') ? `\`\${string}/\${string}\`` : stringLiteral(mediaType);
}

/** Type of what a call gives: the bodies of all 2xx replies, `undefined` where there is none, null when the edge has `null_on`. */
export function resultType(replies: readonly ReplyFacts[], nullable: boolean, prefix: string): string {
  const successes = replies.filter(({ status }) => status.startsWith('2'));
  const read = successes.length > 0 ? successes : replies.filter(({ status }) => status === 'default');
  const bodies = read.flatMap(({ content }) =>
    content.length === 0 ? ['undefined'] : content.map(({ type }) => type(prefix)),
  );
  const types = [...new Set(bodies)];
  if (types.every((type) => type === 'undefined')) return nullable ? 'undefined | null' : 'void';
  return [...types, ...(nullable ? ['null'] : [])].join(' | ');
}
