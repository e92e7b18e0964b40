import type { SchemaGraph } from '../../schema/node.js';
import type { OperationFacts, ParameterFacts } from '../http/catalogue.js';
import { ruleOf } from './matchers.js';
import type { Generator, Generators, MatchingRules, PactRequest, Rule } from './pact-file.js';
import { type Sample, sampleOf, step } from './sample.js';

/** A request as a consumer sends it, and the values in it that the provider's state decides. */
export interface RequestSample {
  readonly request: PactRequest;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface RequestParts {
  readonly graph: SchemaGraph;
  readonly facts: OperationFacts;
  readonly basePath: string;
  readonly body: Sample | undefined;
  /** Body of a success: an id that is asked for is the id of what is answered. */
  readonly answer: unknown;
  /** Makes the idempotency key: two interactions must not share one. */
  readonly key: string;
}

/** Parameters that must be there, with the body. Undefined when a parameter has a form that no example was found for. */
export function requestSample(parts: RequestParts): RequestSample | undefined {
  const { facts, basePath, body } = parts;
  const { definition, idempotencyHeader } = facts.operation;
  const rules: { query: Record<string, Rule>; header: Record<string, Rule> } = { query: {}, header: {} };
  const generators: {
    header: Record<string, Generator>;
    query: Record<string, Generator>;
    body: Record<string, Generator>;
  } = {
    header: {},
    query: {},
    body: {},
  };
  const params: Record<string, unknown> = {};
  const query: Record<string, string[]> = {};
  const headers: Record<string, string[]> = {};
  const cookies: { name: string; text: string; as: string }[] = [];
  let path = basePath + definition.path;
  let template = path;
  for (const parameter of facts.parameters) {
    const { name, in: place, required } = parameter.parameter;
    // A browser sends its cookies whether a contract insists or not.
    if (!required && place !== 'cookie') continue;
    const isKey = place === 'header' && name === idempotencyHeader;
    const value = isKey ? keyText(parts.key, parameter, parts) : sampleFor(parameter, parts);
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
    const text = String(value);
    const rule = ruleFor(parameter, text, parts.graph);
    if (!isKey) params[parameter.as] = value;
    const generator = fromState(`\${${parameter.as}}`);
    if (place === 'path') {
      path = path.replaceAll(`{${name}}`, encodeURIComponent(text));
      template = template.replaceAll(`{${name}}`, `\${${parameter.as}}`);
    } else if (place === 'query') {
      query[name] = [text];
      rules.query[name] = rule;
      generators.query[name] = generator;
    } else if (place === 'cookie') cookies.push({ name, text, as: parameter.as });
    else {
      headers[name] = [text];
      rules.header[name] = rule;
      if (!isKey) generators.header[name] = generator;
    }
  }
  if (cookies.length > 0) {
    headers.Cookie = [cookies.map(({ name, text }) => `${name}=${text}`).join('; ')];
    generators.header.Cookie = fromState(cookies.map(({ name, as }) => `${name}=\${${as}}`).join('; '));
  }
  const content = facts.body?.content.find(({ kind }) => kind === 'json');
  if (body !== undefined && content !== undefined) {
    headers['Content-Type'] = [content.mediaType];
    for (const [member, value] of texts(body.value)) {
      if (Object.hasOwn(params, member)) continue;
      params[member] = value;
      generators.body[`$${step(member)}`] = fromState(`\${${member}}`);
    }
  }
  const request: PactRequest = {
    method: definition.method.toUpperCase(),
    path,
    ...(Object.keys(query).length > 0 && { query }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(body !== undefined &&
      content !== undefined && {
        body: { content: body.value, contentType: content.mediaType, encoded: false as const },
      }),
    ...matching({ ...rules, body: body?.rules ?? {} }),
    ...generating({ ...(template !== path && { path: fromState(template) }), ...generators }),
  };
  return { request, params };
}

/** Whatever only says where the provider's state comes in is empty for most requests. */
function generating(all: Generators): Pick<PactRequest, 'generators'> {
  const used = Object.entries(all).filter(([, value]) => Object.keys(value).length > 0);
  return used.length === 0 ? {} : { generators: Object.fromEntries(used) };
}

function matching(all: MatchingRules): Pick<PactRequest, 'matchingRules'> {
  const used = Object.entries(all).filter(([, value]) => Object.keys(value).length > 0);
  return used.length === 0 ? {} : { matchingRules: Object.fromEntries(used) };
}

function fromState(expression: string): Generator {
  return { type: 'ProviderState', expression, dataType: 'STRING' };
}

/** Texts of a body: names of what has to be there, addresses, passwords, tokens. A state may have its own. */
function texts(body: unknown): readonly (readonly [string, unknown])[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  return Object.entries(body).filter(([, value]) => typeof value === 'string');
}

function sampleFor(parameter: ParameterFacts, { graph, answer }: RequestParts): unknown {
  const id = schemaOf(parameter, graph);
  const found = answered(parameter.parameter.name, answer);
  if (id === undefined) return found ?? parameter.as;
  return sampleOf(graph, id, { members: 'required', written: found })?.value;
}

/** The member of the answer that a parameter names: `userId` is its `userId`, else its `id`. */
function answered(name: string, answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const wanted = [name, ...(/(^id|Id|_id)$/.test(name) ? ['id'] : [])];
  const member = wanted.find((each) => Object.hasOwn(answer, each));
  return member === undefined ? undefined : Reflect.get(answer, member);
}

function keyText(key: string, parameter: ParameterFacts, parts: RequestParts): unknown {
  const id = schemaOf(parameter, parts.graph);
  const uuid = `${key.slice(0, 8)}-${key.slice(8, 12)}-4000-8000-${key.slice(4, 16)}`;
  if (id === undefined) return uuid;
  const [fitting] = [uuid, key].filter(
    (text) => sampleOf(parts.graph, id, { members: 'given', written: text })?.value === text,
  );
  return fitting ?? sampleFor(parameter, parts);
}

function ruleFor(parameter: ParameterFacts, text: string, graph: SchemaGraph): Rule {
  const id = schemaOf(parameter, graph);
  const nodes = id === undefined ? [] : [graph.node(id)];
  const [matcher] = ruleOf(nodes, text, false)?.matchers ?? [];
  // Numbers are texts here.
  return { combine: 'AND', matchers: [matcher?.match === 'regex' ? matcher : { match: 'type' }] };
}

function schemaOf({ parameter }: ParameterFacts, graph: SchemaGraph): string | undefined {
  return parameter.schema === undefined
    ? undefined
    : graph.roots.get(`${parameter.schema.file}#${parameter.schema.pointer}`);
}
