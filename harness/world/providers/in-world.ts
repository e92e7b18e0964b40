import type { Model } from '../../../generator/model/types.js';
import type { Subject } from '../../subject.js';
import type { Site } from '../site.js';
import { type Given, virtualUrl } from '../virtual-http.js';
import { contractProvider } from './contract-provider.js';
import { contractsOf } from './contracts.js';

/** Base URL of a service for the generated clients of others. */
export function urlOf({ model }: Pick<Subject, 'model'>, service: string): string {
  return `${virtualUrl(service)}${contractsOf(model).get(service)?.basePath ?? ''}`;
}

/**
 * Who answers in a world, by name: the server of a service that takes part, nobody while its process is down, and a provider played by its contract for those
 * that have no server here, such as external ones.
 */
export function providersIn(
  model: Model,
  seed: number,
  sites: ReadonlyMap<string, Site>,
): (name: string) => ((request: Request) => Promise<Given>) | undefined {
  const played = new Map<string, (request: Request) => Promise<Given>>();
  const play = (name: string): ((request: Request) => Promise<Given>) | undefined => {
    const contract = contractsOf(model).get(name);
    const found = played.get(name) ?? (contract && contractProvider(contract, seed));
    if (found !== undefined) played.set(name, found);
    return found;
  };
  return (name) => {
    const site = sites.get(name);
    if (site?.life?.dead === true) return undefined;
    const server = site?.server;
    if (server === undefined) return play(name);
    return async (request) => ({ response: await server.fetch(request) });
  };
}
