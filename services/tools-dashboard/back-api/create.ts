import { createBackApiClients } from '#generated/tools-dashboard/back-api/clients.gen.js';
import { createBackApiServer } from '#generated/tools-dashboard/back-api/server.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { stateless } from '../../shared/stateless.js';
import { knownServices, provingItself } from '../shared/identity.js';
import { callersOfApi } from './callers.js';
import { backApiOperations } from './operations.js';

/** Rules and orchestration. It has neither store nor broker. */
export function createBackApiApp(options: AppOptions = {}): App<typeof stateless> {
  const clients = createBackApiClients({ authorize: provingItself('back-api', options), ...options });
  const authenticate = callersOfApi(knownServices('back-api', options), clients.backAuth);
  return appOf(
    stateless,
    createBackApiServer(backApiOperations(clients), { ...options, authenticate }),
    options.listen,
  );
}
