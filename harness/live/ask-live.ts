import { systemClock } from '../../runtime/clock.js';
import type { Subject } from '../subject.js';
import { overFaultyLine } from '../world/faulty-line.js';
import type { CallFault, Calling } from '../world/hooks.js';
import { operationTable } from '../world/providers/operation-table.js';
import type { Call } from '../world/virtual-http.js';
import { withSignal } from '../world/with-signal.js';
import type { CallsSeen } from './calls-seen.js';

/** What happens to requests on their way, and what is seen of them. */
interface Way {
  readonly calls: CallsSeen;
  calling(calling: Omit<Calling, 'nth'>): CallFault | undefined;
}

/** The way of requests from outside to the service under test, as far as faults let them through. */
export function askLive(subject: Subject, base: string, way: Way): Call {
  const operationOf = operationTable(subject.model);
  return async (caller, _, url, init) => {
    const { pathname, search } = new URL(url);
    const { method = 'GET', body } = init;
    const routed = operationOf(subject.name, method, pathname);
    const sent = { provider: subject.name, routed, method, url, headers: new Headers(init.headers) };
    const seen = way.calls.begin(caller, { ...sent, body: typeof body === 'string' ? body : '' });
    const fault = way.calling({ caller, provider: subject.name, operation: routed.name, step: seen?.step });
    const deliver = async (): Promise<Response> => {
      const given = await fetch(base + pathname + search, init);
      await seen?.served(given);
      return given;
    };
    try {
      const response = await withSignal(overFaultyLine(fault, { clock: systemClock, deliver }), init.signal);
      seen?.end({ status: response.status });
      return response;
    } catch (error) {
      seen?.end({ error: String(error) });
      throw error;
    }
  };
}
