import type { Model } from '../../generator/model/types.js';
import { developmentKeys } from '../../runtime/security/development-keys.js';
import type { SecurityOptions } from '../../runtime/security/security.js';

const known = new WeakMap<Model, ReadonlyMap<string, SecurityOptions>>();

/** Somebody whose key nobody trusts. */
export const stranger = 'stranger';

/** What the services of a system prove themselves with in a simulation; nothing where its contracts ask for no proof, since signing takes time. */
export function identityOf(model: Model, service: string): SecurityOptions | undefined {
  const keys = known.get(model) ?? (asksForProof(model) ? identitiesOf(model) : new Map());
  known.set(model, keys);
  return keys.get(service);
}

function asksForProof({ http, entities, events, commands, operations }: Model): boolean {
  return (
    http.some(({ security }) => security !== undefined) ||
    [...entities.values(), ...events.values(), ...commands.values()].some(({ security }) => security !== undefined) ||
    [...operations.values()].some(({ definition }) => (definition.security ?? []).length > 0)
  );
}

function identitiesOf({ services }: Model): ReadonlyMap<string, SecurityOptions> {
  const trusted = Object.entries(developmentKeys(...services.keys()));
  return new Map([...trusted, ...Object.entries(developmentKeys(stranger))]);
}
