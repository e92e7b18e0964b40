import { createBackGatewayServer } from '#generated/tools-dashboard/back-gateway/server.gen.js';
import { type BackGatewayService, createBackGateway } from '#generated/tools-dashboard/back-gateway/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { identityOf } from '../shared/identity.js';
import { backGatewayOperations } from './operations.js';

/** The door to the api. */
export function createBackGatewayApp(options: AppOptions = {}): App<BackGatewayService> {
  const { authorize, authenticate } = identityOf('back-gateway', options);
  const gateway = createBackGateway({ authorize, ...options });
  const server = createBackGatewayServer(backGatewayOperations(gateway), {
    ready: gateway.health,
    ...options,
    authenticate,
    service: gateway,
  });
  return appOf(gateway, server, options.listen);
}
