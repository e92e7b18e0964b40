import type { MeshRoute } from './routes.js';

/** What one caller's routes to one provider have together, where a mesh has one limit and one breaker for all of them. */
export interface SharedLimits {
  /** Calls at a time and waiting: the sum of the routes', so that none has less than its contract says. Absent when one of them has no bound. */
  readonly bulkhead?: { readonly concurrentMax: number; readonly queueMax: number };
  /** The most careful of the routes': fewest failures in a row, longest pause. Absent when none counts failures in a row. */
  readonly breaker?: { readonly failures: number; readonly openForMs: number };
  readonly timeoutMs: number;
}

export function sharedLimits(routes: readonly MeshRoute[]): SharedLimits {
  const policies = routes.map(({ policy }) => policy);
  const bulkheads = policies.flatMap(({ bulkhead }) => bulkhead ?? []);
  const breakers = policies.flatMap(({ circuitBreaker }) =>
    circuitBreaker?.failureThreshold === undefined
      ? []
      : [{ failures: circuitBreaker.failureThreshold, openForMs: circuitBreaker.openForMs }],
  );
  return {
    timeoutMs: Math.max(...policies.map(({ timeoutMs }) => timeoutMs)),
    ...(bulkheads.length === policies.length && {
      bulkhead: {
        concurrentMax: sum(bulkheads.map(({ concurrentMax }) => concurrentMax)),
        queueMax: sum(bulkheads.map(({ queueMax }) => queueMax)),
      },
    }),
    ...(breakers.length > 0 && {
      breaker: {
        failures: Math.min(...breakers.map(({ failures }) => failures)),
        openForMs: Math.max(...breakers.map(({ openForMs }) => openForMs)),
      },
    }),
  };
}

/** Routes by caller; a route of several callers is in the list of each. */
export function byCaller(routes: readonly MeshRoute[]): readonly (readonly [string, readonly MeshRoute[]])[] {
  const callers = [...new Set(routes.flatMap((route) => route.callers))].sort();
  return callers.map((caller) => [caller, routes.filter((route) => route.callers.includes(caller))]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
