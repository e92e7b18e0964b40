import type { Scope } from '../scope.js';
import { activeTraceparent, inSpan, type SpanAtWork } from '../tracing.js';
import type { CallPlace } from './errors.js';
import type { OperationDefinition } from './operation.js';

/**
 * Runs a call in a client span by OpenTelemetry's conventions for HTTP. `work` gets the cause with that span as its trace, for the headers, and tells the status
 * once it is known. The URL stays out: paths and queries hold ids and secrets.
 */
export function callSpan<T>(
  place: CallPlace,
  operation: Pick<OperationDefinition, 'method' | 'path'>,
  address: string,
  cause: Scope['cause'],
  work: (cause: Scope['cause'], status: (code: number) => void) => Promise<T>,
): Promise<T> {
  return inSpan(
    {
      name: `${operation.method} ${operation.path}`,
      kind: 'client',
      parent: cause.traceparent ?? activeTraceparent(),
      attributes: () => {
        const { hostname, port, protocol } = new URL(address);
        return {
          'http.request.method': operation.method,
          'url.template': operation.path,
          'server.address': hostname,
          'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
          'peer.service': place.provider,
          'seamwright.operation': place.operation,
        };
      },
    },
    async (span) => {
      let status = 0;
      try {
        return await work(inside(cause, span), (code) => {
          status = code;
        });
      } catch (error) {
        // Only then: a 404 that means "there is none" by contract is no failure.
        if (status >= 400) span.fail(String(status));
        throw error;
      } finally {
        span.tell({ 'http.response.status_code': status === 0 ? undefined : status });
      }
    },
  );
}

/** Answers a request in a server span, below the caller's. `work` gets the cause with that span as its trace, and names the operation once it is found. */
export function requestSpan<Reply extends { readonly status: number }>(
  method: string,
  cause: Scope['cause'],
  work: (cause: Scope['cause'], found: (operation: OperationDefinition, route: string) => void) => Promise<Reply>,
): Promise<Reply> {
  return inSpan(
    { name: method, kind: 'server', parent: cause.traceparent, attributes: () => ({ 'http.request.method': method }) },
    async (span) => {
      const response = await work(inside(cause, span), (operation, route) => {
        span.rename(`${method} ${route}`);
        span.tell({ 'http.route': route, 'seamwright.operation': operation.name });
      });
      span.tell({ 'http.response.status_code': response.status });
      // What the caller did wrong is no failure of the server.
      if (response.status >= 500) span.fail(String(response.status));
      return response;
    },
  );
}

function inside(cause: Scope['cause'], { traceparent }: SpanAtWork): Scope['cause'] {
  return traceparent === undefined ? cause : { ...cause, traceparent };
}
