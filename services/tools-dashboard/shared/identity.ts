import { serviceTokens, verifyServiceToken } from 'seamwright/runtime';
import type { AppOptions } from '../../shared/app.js';

type Keys = Pick<AppOptions, 'security' | 'clock'>;

/** What a service proves itself with to others. The key comes from `options.security`, else from SEAMWRIGHT_SIGNING_KEY; without one it does not start. */
export function provingItself(service: string, options: Keys) {
  return serviceTokens({ service, ...options.security, ...clockOf(options) });
}

/** How a service knows those that call it. Keys come from `options.security`, else from SEAMWRIGHT_TRUSTED_KEYS; without any it does not start. */
export function knownServices(service: string, options: Keys) {
  return verifyServiceToken({ service, ...options.security, ...clockOf(options) });
}

function clockOf({ clock }: Keys): Pick<Keys, 'clock'> {
  return clock === undefined ? {} : { clock };
}
