import { systemClock, systemRandom } from '../../runtime/clock.js';
import { UsageError } from '../../runtime/errors.js';
import { type ContractPlace, readContract } from '../stub/contract.js';
import type { Provider, StubOperation } from '../stub/provider.js';
import { providerNamed } from '../stub/start-stub.js';
import { ask } from './ask.js';
import { type ApiProblem, judgeRefusal, judgeReply } from './judge-reply.js';
import { knownIds } from './known-ids.js';
import { type PlannedRequest, requestsTo } from './plan-requests.js';

export interface ApiOptions extends ContractPlace {
  /** The provider of a workspace with several. */
  readonly service?: string;
  /** Headers that prove who calls, such as `{ authorization: 'Bearer …' }`; asked before each request. */
  readonly authorize?: (
    operation: string,
  ) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Ids of operations to leave out, such as those that cost money. */
  readonly except?: readonly string[];
  /** Values for parameters and bodies by operation, by dotted path: `{ getUser: { 'path.userId': 'u1' } }`. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What is made up depends on it. Default 1. */
  readonly seed?: number;
  /** Valid requests per operation. Default 3. */
  readonly requests?: number;
  /** Longest wait for an answer, in ms. Default 10000. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/** What was asked and what was wrong. */
export interface ApiReport {
  readonly operations: number;
  readonly requests: number;
  readonly problems: readonly ApiProblem[];
}

/** A service answers otherwise than its contract says. `problems` lists every place. */
export class ContractMismatchError extends Error {
  override readonly name = 'ContractMismatchError';
  readonly problems: readonly ApiProblem[];

  constructor(url: string, report: ApiReport) {
    const { problems, requests } = report;
    const shown = problems
      .slice(0, 20)
      .map(({ operation, request, sentence }) => `  ${operation}: ${sentence}\n    ${request}`);
    const more = problems.length > shown.length ? [`  and ${problems.length - shown.length} more`] : [];
    super(
      [`${url} does not keep its contract: ${problems.length} of ${requests} requests`, ...shown, ...more].join('\n'),
    );
    this.problems = problems;
  }
}

/**
 * Asks a running service, in whatever language it is written, everything its OpenAPI document offers: valid requests must get a documented status with a body
 * and headers that the document describes, invalid ones must be refused, and nothing may end in a 5xx that is not documented. What a creation answers is what
 * is read, changed and removed afterwards. Rejects with `ContractMismatchError` that names every problem, with `UsageError` when the contract cannot be read.
 */
export async function assertApiMatchesContract(
  url: string | URL,
  contract: string | ApiOptions,
  options: ApiOptions = {},
): Promise<ApiReport> {
  const wanted: ApiOptions =
    typeof contract === 'string' ? { document: contract, ...options } : { ...contract, ...options };
  const provider = providerNamed(await readContract(wanted), wanted.service);
  const report = await compareApi(String(url).replace(/\/+$/, ''), provider, wanted);
  if (report.problems.length > 0) throw new ContractMismatchError(String(url), report);
  return report;
}

async function compareApi(url: string, provider: Provider, options: ApiOptions): Promise<ApiReport> {
  const { except = [], seed = 1, requests: count = 3, values = {} } = options;
  const operations = [...provider.operations]
    .filter(({ id }) => !except.includes(id))
    .sort((a, b) => turn(a) - turn(b));
  if (operations.length === 0)
    throw new UsageError(`the contract of "${provider.service}" has no operation to ask for`);
  const ids = knownIds();
  const problems: ApiProblem[] = [];
  let requests = 0;
  for (const operation of operations) {
    for (const planned of requestsTo(operation, { seed, count, ids, set: values[operation.id] ?? {} })) {
      requests += 1;
      problems.push(...(await tried(url + provider.basePath, operation, planned, ids, options)));
    }
  }
  return { operations: operations.length, requests, problems };
}

async function tried(
  address: string,
  operation: StubOperation,
  planned: PlannedRequest,
  ids: ReturnType<typeof knownIds>,
  options: ApiOptions,
): Promise<readonly ApiProblem[]> {
  const credentials = (await options.authorize?.(operation.id)) ?? {};
  const keyed = operation.idempotencyHeader === undefined ? {} : { [operation.idempotencyHeader]: systemRandom.uuid() };
  const answer = await ask(address, operation, planned, {
    headers: { ...keyed, ...credentials },
    timeoutMs: options.timeoutMs ?? 10_000,
    send: options.fetch ?? fetch,
    clock: systemClock,
  });
  if (planned.valid) ids.learn(operation, answer);
  return planned.valid ? judgeReply(operation, planned, answer) : judgeRefusal(operation, planned, answer);
}

/** What creates comes first, what removes last: each finds something to work on. */
function turn({ role, definition }: StubOperation): number {
  const order = { create: 0, list: 1, read: 2, change: 3, replace: 4, remove: 6 } as const;
  if (role !== undefined) return order[role.kind];
  return definition.method === 'DELETE' ? 6 : definition.method === 'GET' ? 2 : 5;
}
