import type { Clock } from '../../runtime/clock.js';
import { brokenConnection } from './broken-connection.js';
import { never } from './death.js';
import type { CallFault } from './hooks.js';

/** The way of one request to its provider. */
export interface Line {
  readonly clock: Pick<Clock, 'sleep'>;
  /** Has the provider carry the request out. */
  deliver(): Promise<Response>;
  /** The way back of an answer that is not lost; default none. */
  back?(): Promise<void>;
}

/** Sends a request over a line that a fault may have broken. Rejects as the platform's `fetch` does; never settles where nothing ever comes back. */
export async function overFaultyLine(fault: CallFault | undefined, line: Line): Promise<Response> {
  if (fault?.kind === 'slow') await line.clock.sleep(fault.byMs);
  if (fault?.kind === 'reset') throw brokenConnection('ECONNRESET');
  if (fault?.kind === 'silence') return never();
  if (fault?.kind === 'status')
    return new Response(null, { status: fault.status, ...(fault.headers && { headers: fault.headers }) });
  if (fault?.kind === 'garbage')
    return new Response(fault.body, { status: 200, headers: { 'content-type': 'application/json' } });
  const response = await line.deliver();
  if (fault?.kind === 'lose-reply' && fault.silently === true) return never();
  if (fault?.kind === 'lose-reply') throw brokenConnection('ECONNRESET');
  await line.back?.();
  return response;
}
