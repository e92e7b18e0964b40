import { createBackApiServer } from '#generated/tools-dashboard/back-api/server.gen.js';
import { type BackApiService, createBackApi } from '#generated/tools-dashboard/back-api/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { identityOf } from '../shared/identity.js';
import { callersOfApi } from './callers.js';
import { backApiOperations } from './operations.js';

/** Rules and orchestration. */
export function createBackApiApp(options: AppOptions = {}): App<BackApiService> {
  const { authorize, authenticate } = identityOf('back-api', options);
  const api = createBackApi({ authorize, ...options });
  const server = createBackApiServer(backApiOperations(api), {
    ready: api.health,
    ...options,
    authenticate: callersOfApi(authenticate, () => api.clients.backAuth),
    service: api,
  });
  return appOf(api, server, options.listen);
}
