import type { HttpResponse } from '../../load/documents.js';
import type { HttpEdge } from '../../model/types.js';
import type { NodeId, SchemaGraph } from '../../schema/node.js';
import type { ContentFacts, HttpCatalogue, OperationFacts, ReplyFacts } from '../http/catalogue.js';
import { type HttpInteraction, keyOfInteraction, type PactResponse, type Rule, type Rules } from './pact-file.js';
import { isReliedOn, stateName } from './provider-states.js';
import { type RequestSample, requestSample } from './request-sample.js';
import { checkOf, type Sample, sampleOf } from './sample.js';
import { isSame, type Variant, variantsOf } from './variants.js';

/** What `edges` of one consumer to one provider make of an operation: an interaction for each status that may be met, and for each form of request and answer. */
export function httpInteractions(
  document: HttpCatalogue,
  facts: OperationFacts,
  edges: readonly HttpEdge[],
): readonly HttpInteraction[] {
  const [edge] = edges;
  // A body that is no JSON has no members to compare.
  if (edge === undefined || (facts.body?.required === true && jsonOf(facts.body.content) === undefined)) return [];
  const nullOn = edges.flatMap((each) => each.nullOn);
  const requests = requestVariants(document, facts);
  const success = successBody(document, facts);
  return facts.replies
    .filter(({ status }) => isReliedOn(facts, status, nullOn))
    .flatMap((reply) => {
      const answers = answerVariants(document, facts, reply);
      return combinations(requests, answers, Number(reply.status) < 400).flatMap(({ request, answer, words }) => {
        const description = `${facts.name} answers ${reply.status}${words}`;
        const key = keyOfInteraction(edge.from, edge.to, description);
        const asked = requestSample({
          ...{ graph: document.graph, facts, key, body: request?.sample },
          basePath: basePathOf(document),
          answer: answer?.kind === 'required' && Number(reply.status) < 400 ? answer.sample.value : success,
        });
        return asked === undefined
          ? []
          : [interaction({ facts, reply, edge, description, key, asked, answer, request })];
      });
    });
}

interface Parts {
  readonly facts: OperationFacts;
  readonly reply: ReplyFacts;
  readonly edge: HttpEdge;
  readonly description: string;
  readonly key: string;
  readonly asked: RequestSample;
  readonly answer: Variant | undefined;
  readonly request: Variant | undefined;
}

function interaction({ facts, reply, edge, description, key, asked, answer, request }: Parts): HttpInteraction {
  const { operation } = facts;
  const variant = [answer, request].find((each) => each !== undefined && each.kind !== 'required')?.kind ?? 'required';
  const state = stateName(facts, reply.status) + (answer?.kind === 'required' ? '' : (answer?.words ?? ''));
  return {
    type: 'Synchronous/HTTP',
    key,
    description,
    pending: false,
    providerStates: [{ name: state, ...(Object.keys(asked.params).length > 0 && { params: asked.params }) }],
    request: asked.request,
    response: responseOf(facts, reply, answer?.sample),
    comments: {
      text: [`${edge.from} relies on ${operation.service}.${operation.id}, see ${operation.at.file}`],
      seamwright: { operation: operation.id, status: Number(reply.status), variant },
    },
  };
}

function responseOf(facts: OperationFacts, reply: ReplyFacts, body: Sample | undefined): PactResponse {
  const response = facts.operation.definition.responses.find(({ status }) => status === reply.status);
  const headers: Record<string, string[]> = {};
  const rules: Record<string, Rule> = {};
  const content = jsonOf(reply.content);
  if (content !== undefined && body !== undefined) {
    headers['Content-Type'] = [content.mediaType];
    const type = content.mediaType.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    rules['Content-Type'] = { combine: 'AND', matchers: [{ match: 'regex', regex: `^${type}( *;.*)?$` }] };
  }
  for (const { name } of requiredHeaders(response)) {
    headers[name] = ['sample'];
    rules[name] = { combine: 'AND', matchers: [{ match: 'type' }] };
  }
  const matchingRules = {
    ...(Object.keys(rules).length > 0 && { header: rules }),
    ...(body !== undefined &&
      Object.keys(body.rules).length > 0 && { body: isListing(facts) ? found(body) : body.rules }),
  };
  return {
    status: Number(reply.status),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(content !== undefined &&
      body !== undefined && { body: { content: body.value, contentType: content.mediaType, encoded: false as const } }),
    ...(Object.keys(matchingRules).length > 0 && { matchingRules }),
  };
}

/** Answers what there is, instead of one thing that is asked for. */
function isListing({ operation: { definition } }: OperationFacts): boolean {
  return definition.method === 'get' && !definition.path.includes('{');
}

/** In a state in which something is found, an empty list would prove nothing: the first list of the answer has an item. */
function found({ rules }: Sample): Rules {
  const place = listOf(rules);
  const rule = place === undefined ? undefined : rules[place];
  if (place === undefined || rule === undefined) return rules;
  const matchers = rule.matchers.map((matcher) => (matcher.min === 0 ? { ...matcher, min: 1 } : matcher));
  return { ...rules, [place]: { ...rule, matchers } };
}

function listOf(rules: Rules): string | undefined {
  return Object.keys(rules).find(
    (path) => /^\$(\.\w+)?$/.test(path) && Object.keys(rules).some((other) => other.startsWith(`${path}[*]`)),
  );
}

function requiredHeaders(response: HttpResponse | undefined): HttpResponse['headers'] {
  return (response?.headers ?? []).filter(({ name, required }) => required && !/^content-type$/i.test(name));
}

interface Combination {
  readonly request: Variant | undefined;
  readonly answer: Variant | undefined;
  readonly words: string;
}

/** Least asked, least answered; everything asked, everything answered; then each alternative of either by itself. Failures are told once. */
function combinations(
  requests: readonly Variant[],
  answers: readonly Variant[],
  isSuccess: boolean,
): readonly Combination[] {
  const [request, ...moreRequests] = requests;
  const [answer, ...moreAnswers] = answers;
  const plain: Combination = { request, answer, words: '' };
  if (!isSuccess) return [plain];
  const completeRequest = moreRequests.find(({ kind }) => kind === 'complete');
  const completeAnswer = moreAnswers.find(({ kind }) => kind === 'complete');
  const complete = completeAnswer ?? completeRequest;
  const branches = [
    ...moreRequests
      .filter(({ kind }) => kind === 'branch')
      .map((each) => ({ request: each, answer, words: `${each.words} in the request` })),
    ...moreAnswers
      .filter(({ kind }) => kind === 'branch')
      .map((each) => ({ request, answer: each, words: each.words })),
  ];
  return [
    plain,
    ...(complete === undefined
      ? []
      : [{ request: completeRequest ?? request, answer: completeAnswer ?? answer, words: complete.words }]),
    ...branches,
  ];
}

/** Bodies that an operation is worth being asked with; none where it takes no JSON. */
export function requestVariants({ graph }: HttpCatalogue, { operation, body }: OperationFacts): readonly Variant[] {
  const content = jsonOf(body?.content ?? []);
  if (body?.required !== true || content?.id === undefined) return [];
  const { id } = content;
  const examples = operation.definition.requestBody?.bodies.flatMap((each) => each.examples) ?? [];
  const written = examples.find((value) => checkOf(graph, id)(value).length === 0);
  const variants = variantsOf(graph, id, written);
  // A request that the contract shows is one that works; with less in it, some rule that no schema tells might be broken.
  const shown = written === undefined ? undefined : shownSample(graph, id, written);
  if (shown === undefined) return variants;
  const others = variants.filter(({ kind, sample }) => kind !== 'required' && !isSame(sample, shown));
  return [{ kind: 'required', words: '', sample: shown }, ...others];
}

/** Optional references are left out: what they name would have to be there. */
function shownSample(graph: SchemaGraph, id: NodeId, written: unknown): Sample | undefined {
  const whole = sampleOf(graph, id, { members: 'given', written });
  const references =
    whole?.optional.filter((path) => /^\$\.\w*(Id|_id)$/.test(path)).map((path) => path.slice(2)) ?? [];
  if (references.length === 0 || typeof written !== 'object' || written === null) return whole;
  const rest = Object.fromEntries(Object.entries(written).filter(([name]) => !references.includes(name)));
  return sampleOf(graph, id, { members: 'given', written: rest }) ?? whole;
}

function answerVariants(
  { graph }: HttpCatalogue,
  { operation }: OperationFacts,
  reply: ReplyFacts,
): readonly Variant[] {
  const content = jsonOf(reply.content);
  if (content?.id === undefined) return [];
  const { id } = content;
  const response = operation.definition.responses.find(({ status }) => status === reply.status);
  const examples = response?.bodies.flatMap((each) => each.examples) ?? [];
  return variantsOf(
    graph,
    id,
    examples.find((value) => checkOf(graph, id)(value).length === 0),
  );
}

function successBody(document: HttpCatalogue, facts: OperationFacts): unknown {
  const reply = facts.replies.find(({ status }) => /^2\d\d$/.test(status));
  return reply === undefined ? undefined : answerVariants(document, facts, reply)[0]?.sample.value;
}

function jsonOf(content: readonly ContentFacts[]): ContentFacts | undefined {
  return content.find(({ kind }) => kind === 'json');
}

/** As the generated server reads it. */
export function basePathOf({ document }: HttpCatalogue): string {
  const [server] = document.servers;
  if (server === undefined || !URL.canParse(server, 'http://localhost')) return '';
  return new URL(server, 'http://localhost').pathname.replace(/\/+$/, '');
}
