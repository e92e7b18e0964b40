/// <reference types="node" preserve="true" />
import type { ServerRequest } from './exchange.js';
import { isSecured, type OperationDefinition } from './operation.js';
import { ProblemError } from './problem.js';

/** What is known of a request before anybody knows who makes it. */
export interface Credentialed {
  /** Method name of the operation. */
  readonly operation: string;
  /** Names of the contract's security schemes, any of which will do. */
  readonly schemes: readonly string[];
  /** Services that may call the operation, by the contract's edges; absent where these name none. */
  readonly callers?: readonly string[];
  readonly headers: Headers;
  readonly url: URL;
}

/**
 * Finds out who calls. Gives the caller, or null when the credentials are missing or wrong (the answer is 401). Throws `ProblemError(403)` for callers
 * that are known and may not do this.
 */
export type Authenticate<Caller> = (request: Credentialed) => Caller | null | Promise<Caller | null>;

/** The caller of an operation; undefined when the contract does not secure it, or somebody else does. */
export async function callerOf<Caller>(
  request: ServerRequest,
  operation: OperationDefinition,
  authenticate: Authenticate<Caller> | 'none' | undefined,
): Promise<Caller | undefined> {
  if (!isSecured(operation) || authenticate === 'none' || authenticate === undefined) return undefined;
  const caller = await authenticate({
    operation: operation.name,
    schemes: operation.security,
    ...(operation.callers !== undefined && { callers: operation.callers }),
    headers: request.allHeaders(),
    url: new URL(request.target, 'http://localhost'),
  });
  if (caller === null || caller === undefined) throw new ProblemError(401, {}, { 'www-authenticate': 'Bearer' });
  return caller;
}

/**
 * Asks one after the other: the first that knows the caller decides. When none does, the refusal of one that knew the credentials and not the right to this
 * operation (403) counts before missing ones (401).
 */
export function anyOf<Caller>(...ways: readonly Authenticate<Caller>[]): Authenticate<Caller> {
  return async (request) => {
    let refusal: ProblemError | undefined;
    for (const way of ways) {
      try {
        const caller = await way(request);
        if (caller !== null) return caller;
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        if (refusal === undefined || refusal.problem.status === 401) refusal = error;
      }
    }
    if (refusal !== undefined) throw refusal;
    return null;
  };
}
