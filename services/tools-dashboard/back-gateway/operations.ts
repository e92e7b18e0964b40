import type { BackGatewayClients } from '#generated/tools-dashboard/back-gateway/clients.gen.js';
import type { BackGatewayOperations } from '#generated/tools-dashboard/back-gateway/server.gen.js';
import { relayed } from '../shared/relayed.js';

/** What the gateway lets in. It decides nothing: the answer is that of the api, and so is the idempotency key. */
export function backGatewayOperations({ backApi }: BackGatewayClients): BackGatewayOperations {
  return {
    async registerUser({ headers, body }) {
      return { status: 201, body: await backApi.registerUser({ ...headers, body }).catch(relayed) };
    },
  };
}
