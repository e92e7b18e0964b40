import { createBackPostgresServer } from '#generated/tools-dashboard/back-postgres/server.gen.js';
import { type BackPostgresService, createBackPostgres } from '#generated/tools-dashboard/back-postgres/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { knownServices } from '../shared/identity.js';
import { backPostgresOperations } from './operations.js';
import { prepare } from './schema.js';

/** Users and profiles. */
export function createBackPostgresApp(options: AppOptions = {}): App<BackPostgresService> {
  const postgres = createBackPostgres({ ...options, prepare });
  const server = createBackPostgresServer(backPostgresOperations(postgres), {
    ready: postgres.health,
    ...options,
    authenticate: knownServices('back-postgres', options),
    service: postgres,
  });
  return appOf(postgres, server, options.listen);
}
