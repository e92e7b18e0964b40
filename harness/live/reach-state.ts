import { stateOfSuccess } from '../pact/state-of-success.js';
import type { CallStep } from '../plan.js';
import { contractOperation } from '../world/providers/contracts.js';
import { requestFor } from '../world/providers/request.js';
import type { LiveWorld } from './live-world.js';

type Values = Readonly<Record<string, unknown>>;

/**
 * Has the service get into the state in which it answers a request with success, at the address that its services.yaml names for that. Answers with the values that it
 * wants to see in the request instead of made-up ones, by dotted path; none where it knows no such state (404). Rejects when it fails.
 */
export async function reachState({ subject, settings, url }: LiveWorld, step: CallStep): Promise<Values> {
  const path = settings.probe.providerStates;
  const operation = contractOperation(subject.model, step.operation);
  const state = stateOfSuccess(subject.model, step.operation);
  if (path === undefined || operation === undefined || state === undefined) return {};
  const { path: named, body } = requestFor(operation, step.value, step.set);
  const groups = { path: mapping(named), body: mapping(body) };
  const reply = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // As Pact's own verifiers ask.
    body: JSON.stringify({ consumer: step.caller, state, params: { ...groups.body, ...groups.path }, action: 'setup' }),
    signal: AbortSignal.timeout(10_000),
  });
  if (reply.status === 404) return {};
  if (!reply.ok) throw new Error(`${path} answers ${reply.status} to the state "${state}"`);
  const values = mapping(await reply.json().catch(() => ({})));
  return Object.fromEntries(
    Object.entries(groups).flatMap(([group, members]) =>
      Object.keys(members).flatMap((name) =>
        Object.hasOwn(values, name) ? [[`${group}.${name}`, values[name]] as const] : [],
      ),
    ),
  );
}

function mapping(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {};
}
