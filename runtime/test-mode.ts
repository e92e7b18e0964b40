import { UsageError } from './errors.js';
import type { ServerReply, ServerRequest } from './http/exchange.js';
import { inTransaction } from './in-transaction.js';
import type { OwnedEntity } from './owned.js';
import type { Parts } from './parts.js';
import { serviceTransaction } from './service-transaction.js';
import { stateOf } from './test-state.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Services of this process that are in test mode. Empty in production: then nothing here is ever answered. */
const inTestMode = new Map<string, Parts>();

const bodyMax = 1024 * 1024;

/** What the harness asks a service to tell: a change of an entity that it owns, or a fact. */
interface Wish {
  readonly entity?: unknown;
  readonly op?: unknown;
  readonly id?: unknown;
  readonly state?: unknown;
  readonly event?: unknown;
  readonly message?: unknown;
  readonly correlationId?: unknown;
}

/**
 * With `SEAMWRIGHT_TEST_MODE=1` a running service answers the harness, to anybody who asks: `GET /__seamwright/state`, what it holds, and `POST
 * /__seamwright/publish`, which makes it tell something. Without, there are no such addresses. Answers how to leave the mode again.
 */
export function enterTestMode(parts: Parts, { SEAMWRIGHT_TEST_MODE: mode }: Environment): () => void {
  if (mode !== '1') return () => {};
  const { service } = parts.definition;
  parts.log.warn({}, 'test mode: anybody can read what this service holds, and make it tell things');
  inTestMode.set(service, parts);
  return () => {
    if (inTestMode.get(service) === parts) inTestMode.delete(service);
  };
}

/** The answer for the harness; undefined for another path, and for a service that is not in test mode. */
export async function answerTest(
  request: Pick<ServerRequest, 'method' | 'body'>,
  path: string,
  service: string,
): Promise<ServerReply | undefined> {
  const parts = inTestMode.get(service);
  if (parts === undefined) return undefined;
  if (request.method === 'GET' && path === '/__seamwright/state') return json(200, await stateOf(parts));
  if (request.method !== 'POST' || path !== '/__seamwright/publish') return undefined;
  try {
    await grant(parts, wishIn(await request.body(bodyMax)));
    return json(202, {});
  } catch (error) {
    return json(422, { detail: error instanceof Error ? error.message : String(error) });
  }
}

function wishIn(body: Uint8Array | undefined): Wish {
  const wish: unknown = JSON.parse(new TextDecoder().decode(body));
  if (typeof wish === 'object' && wish !== null) return wish;
  throw new UsageError(
    'the body is {"entity", "op", "state"}, {"entity", "op": "deleted", "id"} or {"event", "message"}',
  );
}

async function grant(parts: Parts, wish: Wish): Promise<void> {
  const { entity, event, op, id, state, message, correlationId } = wish;
  const cause = { correlationId: typeof correlationId === 'string' ? correlationId : parts.random.uuid() };
  await inTransaction(parts, cause, async (unit) => {
    const tx = serviceTransaction(parts, unit);
    if (typeof event === 'string') {
      const publish: unknown = Reflect.get(Object(Reflect.get(tx, 'publish')), event);
      if (typeof publish !== 'function') throw new UsageError(`${parts.definition.service} publishes no "${event}"`);
      return Reflect.apply(publish, undefined, [message]) as Promise<void>;
    }
    if (typeof entity !== 'string' || !Object.hasOwn(parts.definition.owned, entity))
      throw new UsageError(`${parts.definition.service} owns no "${String(entity)}"`);
    const owned = Reflect.get(tx, entity) as OwnedEntity<unknown>;
    if (op === 'deleted') return owned.deleted(String(id));
    if (op === 'created' || op === 'updated') return owned[op](state);
    throw new UsageError(`"op" is created, updated or deleted, not "${String(op)}"`);
  });
  parts.wake.outbox();
}

function json(status: number, body: unknown): ServerReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
