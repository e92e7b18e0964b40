import { problemIn } from '../../../runtime/http/problem.js';
import type { Happening, Run } from '../../history.js';
import type { Violation } from '../../invariants/invariant.js';
import type { CallStep } from '../../plan.js';
import { checkOf } from '../../stub/checks.js';
import type { StubOperation } from '../../stub/provider.js';
import { contractOperation } from '../../world/providers/contracts.js';
import type { Revisions } from '../revisions.js';
import { understanding } from '../understanding.js';
import type { CallEdge } from './edges.js';
import { callsOf, type Pair } from './play.js';

/** What a client was given, as far as it could make sense of it. */
interface Outcome {
  readonly at: Happening | undefined;
  readonly status: number | undefined;
  /** Why it could not use what it was given; undefined when it could. */
  readonly trouble: string | undefined;
}

/** Calls that go well between equal revisions, and not between these. `equal`: the same plan with a server of the client's own revision. */
export function callViolations(
  revisions: Revisions,
  edge: CallEdge,
  pair: Pair,
  { mixed, equal }: { readonly mixed: Run; readonly equal: Run },
): readonly Violation[] {
  const { client, server } = pair;
  return callsOf(mixed.plan).flatMap((step): readonly Violation[] => {
    const operation = contractOperation(revisions[client].model, step.operation);
    if (operation === undefined || outcomeOf(equal, step, operation).trouble !== undefined) return [];
    const { at, status, trouble } = outcomeOf(mixed, step, operation);
    if (trouble === undefined) return [];
    const sentence =
      status !== undefined && status < 400
        ? `The ${client} ${edge.from} cannot read what the ${server} ${edge.to} answers to ${operation.id}: ${trouble}.`
        : `The ${server} ${edge.to} does not do ${operation.id} as the ${client} ${edge.from} asks for it: ${trouble}.`;
    const place = edge.http.operations.find(({ id }) => id === operation.id)?.at ?? edge.http.at;
    return [
      {
        ...{ invariant: understanding.id, service: edge.to, contract: place, sentence },
        ...(at !== undefined && { at }),
      },
    ];
  });
}

/** Steps in which the server gives its own revision's clients trouble, too: it is broken by itself. */
export function brokenByItself(revisions: Revisions, { server }: Pair, run: Run, steps: ReadonlySet<string>): boolean {
  return callsOf(run.plan).some((step) => {
    const operation = contractOperation(revisions[server].model, step.operation);
    return steps.has(step.id) && operation !== undefined && outcomeOf(run, step, operation).trouble !== undefined;
  });
}

function outcomeOf({ happenings }: Run, { id }: CallStep, operation: StubOperation): Outcome {
  const answered = happenings.findLast((one) => one.step === id && one.kind === 'answered');
  const at = happenings.findLast((one) => one.step === id && one.kind === 'called') ?? answered;
  if (answered?.kind !== 'answered') {
    const did = happenings.findLast((one) => one.step === id && one.kind === 'did');
    return { at: did, status: undefined, trouble: did?.kind === 'did' ? did.error : 'it was not asked' };
  }
  const { status, error } = answered;
  const served = happenings.findLast((one) => one.step === id && one.kind === 'served');
  const detail = served?.kind === 'served' ? namedError(served.body) : undefined;
  if (error !== undefined)
    return { at, status, trouble: [withoutClass(error), ...(detail === undefined ? [] : [detail])].join(': ') };
  const unreadable = served?.kind === 'served' ? complaintOf(operation, served.status, served.body) : undefined;
  return { at, status, trouble: unreadable };
}

/** What a generated client of the operation has against a body; undefined when nothing. */
function complaintOf({ replies, readerGraph }: StubOperation, status: number, body: unknown): string | undefined {
  const wanted = [String(status), `${Math.floor(status / 100)}XX`, 'default'];
  const reply = wanted
    .map((name) => replies.find((one) => one.status.toUpperCase() === name.toUpperCase()))
    .find((one) => one !== undefined);
  const [content] = reply?.content ?? [];
  if (content?.id === undefined || content.definition.kind !== 'json') return undefined;
  const [problem] = checkOf(readerGraph, content.id)(body);
  if (problem === undefined) return undefined;
  const field = problem.instancePath.split('/').slice(1).join('.');
  return `${field === '' ? 'the body' : `"${field}"`} ${problem.message ?? problem.keyword}`;
}

/** The first of the places that problem details name. */
function namedError(body: unknown): string | undefined {
  const [first] = problemIn(body)?.errors ?? [];
  return first && [first.in, first.name, first.pointer.replace(/^#\/?/, ''), first.detail].filter(Boolean).join(' ');
}

function withoutClass(error: string): string {
  return error.replace(/^\w+: /, '').replace(/\.$/, '');
}
