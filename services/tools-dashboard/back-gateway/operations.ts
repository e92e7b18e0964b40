import type { BackGatewayOperations } from '#generated/tools-dashboard/back-gateway/server.gen.js';
import type { BackGatewayService } from '#generated/tools-dashboard/back-gateway/service.gen.js';
import { relayed } from '../shared/relayed.js';

/** What the gateway lets in. It decides nothing: the answer is that of the api. */
export function backGatewayOperations(gateway: BackGatewayService): BackGatewayOperations {
  const api = gateway.clients.backApi;
  return {
    async registerUser({ headers, body }) {
      const user = await api.registerUser({ ...headers, body }).catch(relayed);
      return { status: 201, body: user };
    },
  };
}
