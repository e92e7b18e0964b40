import { HttpStatusError, ProblemError } from 'seamwright/runtime';
import type { ServiceAClients } from '#generated/mesh/service-a/clients.gen.js';
import type { ServiceAOperations } from '#generated/mesh/service-a/server.gen.js';
import { ask, passedOn } from '../shared/asking.js';

/** What service-a answers. Its memory of items is the cache of its client. */
export function serviceAOperations({ serviceB }: ServiceAClients): ServiceAOperations {
  return {
    async getItem({ path, log }) {
      const { value, info } = await ask(log, (options) => serviceB.getItem(path, options));
      return { status: 200, body: value, headers: passedOn(info) };
    },
    async updateItem({ path, headers, body, log }) {
      const request = { ...path, ...headers, body };
      const { value, info } = await ask(log, (options) => serviceB.updateItem(request, options)).catch(otherVersion);
      return { status: 200, body: value, headers: passedOn(info) };
    },
  };
}

/** Somebody else was faster: the caller's to solve. */
function otherVersion(error: unknown): never {
  if (error instanceof HttpStatusError && error.status === 412)
    throw new ProblemError(412, { title: 'Another version', detail: error.problem?.detail ?? error.message });
  throw error;
}
