/// <reference types="node" preserve="true" />
import type { OperationDefinition } from './operation.js';
import { ProblemError } from './problem.js';

/**
 * Finds out who calls. Gives the caller, or null when the credentials are missing or wrong (the answer is 401). Throws `ProblemError(403)` for callers
 * that are known and may not do this.
 */
export type Authenticate<Caller> = (request: {
  /** Method name of the operation. */
  readonly operation: string;
  /** Names of the contract's security schemes, any of which will do. */
  readonly schemes: readonly string[];
  readonly headers: Headers;
  readonly url: URL;
}) => Caller | null | Promise<Caller | null>;

/** The caller of an operation; undefined when the contract does not secure it, or somebody else does. */
export async function callerOf<Caller>(
  request: Request,
  operation: OperationDefinition,
  authenticate: Authenticate<Caller> | 'none' | undefined,
): Promise<Caller | undefined> {
  if (operation.security.length === 0 || authenticate === 'none' || authenticate === undefined) return undefined;
  const caller = await authenticate({
    operation: operation.name,
    schemes: operation.security,
    headers: request.headers,
    url: new URL(request.url),
  });
  if (caller === null || caller === undefined) throw new ProblemError(401, {}, { 'www-authenticate': 'Bearer' });
  return caller;
}
