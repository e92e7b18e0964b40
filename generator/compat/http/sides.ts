import type { Said } from '../verdicts.js';
import type { Called } from './callers.js';

/** Clients write a request and the server reads it. What refuses them hits the clients, who have to be there first. */
export function request(called: Called): Pick<Said, 'writers' | 'readers' | 'affected'> {
  return { writers: called.clients, readers: [called.service], affected: called.affected };
}

/** The server writes a response and clients read it. */
export function response(called: Called): Pick<Said, 'writers' | 'readers' | 'affected'> {
  return { writers: [called.service], readers: called.clients, affected: called.affected };
}
