import {
  type Authenticate,
  type ClientOptions,
  type Clock,
  type SecurityOptions,
  serviceTokens,
  verifyServiceToken,
} from 'seamwright/runtime';

/** What a harness gives a service to prove itself with. */
interface Given {
  readonly security?: SecurityOptions;
  readonly clock?: Clock;
}

/**
 * Options under which a service asks everybody who calls it for proof, and gives its own: what the gateway in front does when the system runs. Without keys the
 * harness has nobody to tell apart. `callerOf` makes of a proven service whom the operations know.
 */
export function provenCallers(
  service: string,
  callerOf: (proven: ProvenCaller) => unknown = same,
): (given: Given) => object {
  return ({ security, clock }) => {
    if (security?.signingKey === undefined) return {};
    const identity = { service, ...security, ...(clock && { clock }) };
    const authorize: NonNullable<ClientOptions['authorize']> = serviceTokens(identity);
    const proof = verifyServiceToken(identity);
    const authenticate: Authenticate<unknown> = async (request) => {
      const proven = await proof(request);
      return proven === null ? null : callerOf(proven);
    };
    return { authenticate, authorize };
  };
}

type ProvenCaller = NonNullable<Awaited<ReturnType<ReturnType<typeof verifyServiceToken>>>>;

function same(proven: ProvenCaller): unknown {
  return proven;
}
