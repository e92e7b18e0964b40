import type { HttpInteraction } from '../../../generator/emit/pact/pact-file.js';
import type { ContractOperation } from './provider-contract.js';
import { asObject, idOf, type Seeder } from './seeder.js';

type Values = Readonly<Record<string, unknown>>;

/** Values that the state decided, or why it cannot be reached by what the contract offers. */
export type Derived = { readonly ok: true; readonly values: Values } | { readonly ok: false; readonly reason: string };

/**
 * Reaches the state in which an operation is answered as an interaction says, through other operations of the same contract: what is asked for is made, or was never
 * made; what must conflict is done twice. Throws when the service refuses what the contract offers.
 */
export async function deriveState(
  seeder: Seeder,
  operation: ContractOperation,
  { request, response, comments }: HttpInteraction,
): Promise<Derived> {
  const complete = comments?.seamwright?.variant === 'complete';
  const body = asObject(request.body?.content);
  const { status } = response;
  const { definition, idempotencyHeader } = operation.facts.operation;
  const references = await seeder.references(body, complete, 0);
  if (status === 404) return missing(seeder, operation, body);
  if (status === 422) {
    const known = Object.keys(references);
    if (known.length > 0) return { ok: true, values: strangers(body, known) };
    const [idempotencyKey] = request.headers?.[idempotencyHeader ?? ''] ?? [];
    if (idempotencyKey === undefined) return unreachable(status);
    // The contract's own rule: one key, one request.
    await seeder.perform(operation, { body: { ...body, ...otherThan(body) }, idempotencyKey });
    return { ok: true, values: {} };
  }
  const present = await thing(seeder, operation, complete, request.path);
  if (!present.ok) return present;
  const values = { ...references, ...present.values };
  if (status < 400) {
    if (definition.method !== 'get' || definition.path.includes('{')) return { ok: true, values };
    return listed(seeder, operation, complete, values);
  }
  if (status !== 409) return unreachable(status);
  await seeder.perform(operation, {
    body: { ...body, ...references },
    values: { ...params(operation, request.path), ...values },
  });
  return { ok: true, values };
}

/** Makes what the path names. Where nothing has to be there, nothing is made. */
async function thing(seeder: Seeder, operation: ContractOperation, complete: boolean, path: string): Promise<Derived> {
  const { facts } = operation;
  const [first] = facts.parameters.filter(({ parameter }) => parameter.in === 'path');
  const isNeeded = facts.replies.some(({ status }) => status === '404');
  if (first === undefined || !isNeeded) return { ok: true, values: {} };
  const creator = seeder.creatorFor(operation);
  if (creator !== undefined) {
    const id = idOf(await seeder.create(creator, complete), first.as);
    return id === undefined
      ? { ok: false, reason: `${creator.facts.name} does not say what it made` }
      : { ok: true, values: { [first.as]: id } };
  }
  const putter = seeder.putterFor(operation);
  if (putter !== undefined) {
    const { status } = await seeder.perform(putter, { values: params(operation, path) });
    return status < 300 ? { ok: true, values: {} } : { ok: false, reason: `${putter.facts.name} answers ${status}` };
  }
  if (seeder.delegates) return { ok: true, values: {} };
  return {
    ok: false,
    reason: `the contract has no operation that makes what ${facts.operation.definition.path} names`,
  };
}

async function listed(
  seeder: Seeder,
  operation: ContractOperation,
  complete: boolean,
  values: Values,
): Promise<Derived> {
  const creator = seeder.postAt(operation.facts.operation.definition.path);
  if (creator === undefined && seeder.delegates) return { ok: true, values };
  if (creator === undefined)
    return { ok: false, reason: `the contract has no operation that makes what ${operation.facts.name} finds` };
  await seeder.create(creator, complete);
  return { ok: true, values };
}

function missing(seeder: Seeder, operation: ContractOperation, body: Values): Derived {
  if (seeder.delegates && seeder.creatorFor(operation) === undefined) seeder.emptyOthers();
  const path = operation.facts.parameters.filter(({ parameter }) => parameter.in === 'path');
  if (path.length > 0)
    return { ok: true, values: Object.fromEntries(path.map(({ as }) => [as, seeder.unknown(operation, as)])) };
  if (seeder.delegates) return { ok: true, values: {} };
  const named = Object.keys(body).filter((name) => /(Id|_id)$/.test(name));
  return named.length > 0 ? { ok: true, values: strangers(body, named) } : unreachable(404);
}

/** Ids that nobody has, of the form of those in the body. */
function strangers(body: Values, names: readonly string[]): Values {
  return Object.fromEntries(
    names.map((name) => {
      const value = String(body[name]);
      const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
      return [name, isUuid ? crypto.randomUUID() : `${value}-of-nobody`];
    }),
  );
}

/** One member with another value of its kind. */
function otherThan(body: Values): Values {
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === 'number') return { [name]: value + 1 };
    if (typeof value === 'boolean') return { [name]: !value };
    if (typeof value === 'string' && !/(^id|Id|_id)$/.test(name) && !/[@:-]/.test(value))
      return { [name]: `${value}x` };
  }
  return {};
}

/** Values of the path that an interaction asks for. */
function params({ facts, basePath }: ContractOperation, path: string): Values {
  const names = (basePath + facts.operation.definition.path).split('/');
  const texts = path.split('/');
  return Object.fromEntries(
    facts.parameters.flatMap(({ as, parameter }) => {
      const index = names.indexOf(`{${parameter.name}}`);
      const text = parameter.in === 'path' && index >= 0 ? texts[index] : undefined;
      return text === undefined ? [] : [[as, decodeURIComponent(text)] as const];
    }),
  );
}

function unreachable(status: number): Derived {
  return { ok: false, reason: `no operation of the contract leads to an answer ${status}` };
}
