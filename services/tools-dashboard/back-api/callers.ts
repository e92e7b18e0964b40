import { type Authenticate, ProblemError, type ServiceCaller } from 'seamwright/runtime';
import type { BackAuthClient } from '#generated/tools-dashboard/back-api/clients.gen.js';
import { relayed } from '../shared/relayed.js';
import type { Role } from '../shared/roles.js';

/** Whom an access token speaks for. */
export interface Person {
  readonly id: string;
  readonly role: Role;
}

export type ApiCaller = Person | ServiceCaller;

/** Services prove themselves; whom the token of a person speaks for, says back-auth. */
export function callersOfApi(
  services: Authenticate<ServiceCaller>,
  backAuth: Pick<BackAuthClient, 'verifyToken'>,
): Authenticate<ApiCaller> {
  return async (request) => {
    if (!request.schemes.includes('userToken')) return services(request);
    const [, token] = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
    if (token === undefined) return null;
    const verified = await backAuth.verifyToken({ body: { token } }).catch(relayed);
    return verified === null ? null : { id: verified.userId, role: verified.role };
  };
}

/** The person who calls an operation that takes tokens of persons. */
export function personOf(caller: ApiCaller | undefined): Person {
  if (caller !== undefined && 'role' in caller) return caller;
  throw new ProblemError(401);
}
