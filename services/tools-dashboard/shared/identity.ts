import { type ServiceCaller, serviceTokens, verifyServiceToken } from 'seamwright/runtime';
import type { AppOptions } from '../../shared/app.js';

/**
 * What a service proves itself with, and how it knows those that call it. Keys come from `options.security`, else from SEAMWRIGHT_SIGNING_KEY and
 * SEAMWRIGHT_TRUSTED_KEYS; without them no service starts.
 */
export function identityOf(service: string, { security, clock }: Pick<AppOptions, 'security' | 'clock'>) {
  const shared = { service, ...(clock !== undefined && { clock }) };
  return {
    authorize: serviceTokens({
      ...shared,
      ...(security?.signingKey !== undefined && { signingKey: security.signingKey }),
    }),
    authenticate: verifyServiceToken({
      ...shared,
      ...(security?.trustedKeys !== undefined && { trustedKeys: security.trustedKeys }),
    }),
  };
}

/** A service that only answers: it needs no key of its own. */
export function callersOf(service: string, { security, clock }: Pick<AppOptions, 'security' | 'clock'>) {
  return verifyServiceToken({
    service,
    ...(clock !== undefined && { clock }),
    ...(security?.trustedKeys !== undefined && { trustedKeys: security.trustedKeys }),
  });
}

export type { ServiceCaller };
