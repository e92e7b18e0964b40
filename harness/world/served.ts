import type { Seen, Tried } from '../history.js';

/** What is taken down of an answer that a provider gave. `effect` is known of those that are played by their contract. */
export async function servedWith(
  { call, operation }: Pick<Tried, 'call' | 'operation'>,
  given: Response,
  effect?: boolean,
): Promise<Seen> {
  const body = await jsonOf(given);
  return {
    ...{ kind: 'served', call, operation, status: given.status },
    ...(body !== undefined && { body }),
    ...(effect !== undefined && { effect }),
    ...(given.headers.get('idempotent-replayed') === 'true' && { replayed: true }),
  };
}

async function jsonOf(response: Response): Promise<unknown> {
  if (!/json/.test(response.headers.get('content-type') ?? '')) return undefined;
  try {
    return await response.clone().json();
  } catch {
    return undefined;
  }
}
