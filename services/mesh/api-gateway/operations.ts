import type { ApiGatewayClients } from '#generated/mesh/api-gateway/clients.gen.js';
import type { ApiGatewayOperations } from '#generated/mesh/api-gateway/server.gen.js';
import { ask, passedOn } from '../shared/asking.js';

/** What api-gateway answers: the words of service-a. */
export function apiGatewayOperations({ serviceA }: ApiGatewayClients): ApiGatewayOperations {
  return {
    async getItem({ path, log }) {
      const { value, info } = await ask(log, (options) => serviceA.getItem(path, options));
      return { status: 200, body: value, headers: passedOn(info) };
    },
  };
}
