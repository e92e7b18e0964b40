import { UsageError } from '../../runtime/errors.js';
import { ProblemError } from '../../runtime/http/problem.js';
import type { Fault } from './fault.js';
import type { StubFaults } from './faults.js';
import type { StubRequest } from './requests.js';

export const CONTROL = '/__stub';

export interface Controlled {
  readonly faults: StubFaults;
  readonly requests: readonly StubRequest[];
  reset(): void;
}

/**
 * The stub's own paths: `GET|PUT|POST|DELETE /__stub/faults`, `GET /__stub/requests`, `POST /__stub/reset`. PUT replaces all faults, POST adds; both
 * take one fault or a list, as text or as JSON.
 */
export function control(method: string, path: string, body: Uint8Array, controlled: Controlled): Response {
  const { faults, requests } = controlled;
  switch (path.slice(CONTROL.length)) {
    case '/faults':
      if (method === 'PUT') faults.set(faultsIn(body));
      else if (method === 'POST') for (const fault of faultsIn(body)) faults.add(fault);
      else if (method === 'DELETE') faults.clear();
      else if (method !== 'GET') throw notAllowed('GET, PUT, POST, DELETE');
      return Response.json(faults.list());
    case '/requests':
      if (method !== 'GET') throw notAllowed('GET');
      return Response.json(requests);
    case '/reset':
      if (method !== 'POST') throw notAllowed('POST');
      controlled.reset();
      return new Response(null, { status: 204 });
    default:
      throw new ProblemError(404, { detail: 'there are /__stub/faults, /__stub/requests and /__stub/reset' });
  }
}

/** What cannot be read as JSON is a fault as text: easier to type. */
function faultsIn(body: Uint8Array): readonly (string | Fault)[] {
  const text = new TextDecoder().decode(body).trim();
  if (text === '')
    throw new UsageError('the body is missing: a fault such as "status=503, times=3", or a list of them');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = text;
  }
  return (Array.isArray(value) ? value : [value]) as readonly (string | Fault)[];
}

function notAllowed(allow: string): ProblemError {
  return new ProblemError(405, {}, { allow });
}
