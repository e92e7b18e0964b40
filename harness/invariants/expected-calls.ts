import type { Run } from '../history.js';
import { type Try, triesOf } from './tries.js';

/** A request to a service, with the calls that it has led to. */
export interface Request {
  readonly incoming: Try;
  readonly service: string;
  readonly calls: readonly Try[];
}

/** Requests to services that take part with their own code. */
export function requestsOf(run: Run): readonly Request[] {
  const tries = triesOf(run);
  return tries.flatMap((incoming) => {
    const [service = ''] = incoming.operation.split('.');
    if (!run.end.services.has(service) || incoming.served === undefined) return [];
    return [{ incoming, service, calls: tries.filter((one) => one.within === incoming.call) }];
  });
}

/** What a request would have called next, had it been let: told by an earlier request for the same operation that went well. */
export interface Expected {
  readonly operation: string;
  /** What the call would have asked for, when an earlier one for the same thing shows it. */
  readonly asks: string | undefined;
}

/** The call that a request stopped short of; undefined when no earlier request tells, or when the last call that it made explains its end. */
export function expectedNext(requests: readonly Request[], request: Request): Expected | undefined {
  const earlier = requests.filter(
    (one) => one.incoming.at < request.incoming.at && one.incoming.operation === request.incoming.operation,
  );
  const model = earlier.findLast((one) => (one.incoming.served?.status ?? 500) < 300 && one.calls.length > 0);
  if (model === undefined) return undefined;
  const order = [...new Set(model.calls.map(({ operation }) => operation))];
  const last = request.calls.at(-1);
  // After anything but a success of the provider's own, what came next was the handler's choice.
  if (last !== undefined && (last.served === undefined || (last.end?.status ?? 500) >= 300)) return undefined;
  const operation = order[last === undefined ? 0 : order.indexOf(last.operation) + 1];
  if (operation === undefined || (last !== undefined && !order.includes(last.operation))) return undefined;
  const same = earlier.findLast((one) => one.incoming.asks === request.incoming.asks && one.calls.length > 0);
  return { operation, asks: same?.calls.find((one) => one.operation === operation)?.asks };
}
