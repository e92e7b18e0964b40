import { checkOf } from '../stub/checks.js';
import type { StubOperation, StubReply } from '../stub/provider.js';
import type { ApiAnswer } from './ask.js';
import type { PlannedRequest } from './plan-requests.js';

/** One answer that is not as the contract says. */
export interface ApiProblem {
  readonly operation: string;
  /** The request, for people. */
  readonly request: string;
  readonly sentence: string;
}

/** What is wrong with the answer to a request that keeps the contract. */
export function judgeReply(operation: StubOperation, _: PlannedRequest, answer: ApiAnswer): readonly ApiProblem[] {
  const problem = problemsOf(operation, answer);
  const { status, text } = answer;
  if (status === 0) return problem(`no answer came: ${text}`);
  const reply = replyFor(operation, status);
  if (reply === undefined)
    return problem(
      `${status} is no documented status; there are ${operation.replies.map((one) => one.status).join(', ')}`,
    );
  return [...problem(...headerProblems(reply, answer)), ...problem(...bodyProblems(operation, reply, answer))];
}

/** What is wrong with the answer to a request that breaks the contract: it must be refused, not carried out and not fallen over. */
export function judgeRefusal(
  operation: StubOperation,
  { wrong }: PlannedRequest,
  answer: ApiAnswer,
): readonly ApiProblem[] {
  const problem = problemsOf(operation, answer);
  const { status, text } = answer;
  if (status === 0) return problem(`${wrong}, and no answer came: ${text}`);
  if (status < 400) return problem(`${wrong}, and it was answered ${status}: it must be refused`);
  if (status >= 500) return problem(`${wrong}, and it was answered ${status}: that is the caller's mistake, a 4xx`);
  return [];
}

function problemsOf(
  { id }: StubOperation,
  { shown }: ApiAnswer,
): (...sentences: readonly string[]) => readonly ApiProblem[] {
  return (...sentences) => sentences.map((sentence) => ({ operation: id, request: shown, sentence }));
}

function replyFor({ replies }: StubOperation, status: number): StubReply | undefined {
  const range = `${Math.floor(status / 100)}XX`;
  return (
    replies.find((reply) => reply.status === String(status)) ??
    replies.find((reply) => reply.status.toUpperCase() === range) ??
    replies.find((reply) => reply.status === 'default')
  );
}

function headerProblems({ headers, headerGraph }: StubReply, answer: ApiAnswer): readonly string[] {
  return headers.flatMap(({ name, id }) => {
    const text = answer.headers.get(name);
    if (text === null || id === undefined) return [];
    const check = checkOf(headerGraph, id);
    // A header is text; its schema may ask for a number or for true and false.
    const readings: readonly unknown[] = [
      text,
      ...(text.trim() === '' ? [] : [Number(text)]),
      text === 'true',
      text === 'false' ? false : undefined,
    ];
    return readings.some((value) => value !== undefined && check(value).length === 0)
      ? []
      : [`the header "${name}" is ${JSON.stringify(text)}, which its schema refuses`];
  });
}

function bodyProblems(
  { graph }: StubOperation,
  { content, status }: StubReply,
  { headers, text, body }: ApiAnswer,
): readonly string[] {
  if (content.length === 0) return text === '' ? [] : [`${status} has no body in the contract, and one came`];
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const found = content.find(({ definition }) => matchesType(definition.type.toLowerCase(), type));
  if (found === undefined)
    return [`the body is "${type}"; the contract has ${content.map(({ definition }) => definition.type).join(', ')}`];
  if (found.definition.kind !== 'json' || found.id === undefined) return [];
  if (body === undefined) return ['the body is no JSON'];
  return checkOf(
    graph,
    found.id,
  )(body)
    .slice(0, 3)
    .map(({ instancePath, message }) => `${instancePath === '' ? 'the body' : instancePath} ${message}`);
}

function matchesType(pattern: string, type: string): boolean {
  if (pattern === type || pattern === '*/*') return true;
  return pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1));
}
