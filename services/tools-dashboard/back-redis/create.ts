import { systemClock } from 'seamwright/runtime';
import { createBackRedisServer } from '#generated/tools-dashboard/back-redis/server.gen.js';
import { type BackRedisService, createBackRedis } from '#generated/tools-dashboard/back-redis/service.gen.js';
import { type App, type AppOptions, appOf } from '../../shared/app.js';
import { knownServices } from '../shared/identity.js';
import { backRedisOperations } from './operations.js';
import { prepare } from './schema.js';

/** Entries and counters that expire. */
export function createBackRedisApp(options: AppOptions = {}): App<BackRedisService> {
  const redis = createBackRedis({ ...options, prepare });
  const server = createBackRedisServer(backRedisOperations(redis, options.clock ?? systemClock), {
    ready: redis.health,
    ...options,
    authenticate: knownServices('back-redis', options),
  });
  return appOf(redis, server, options.listen);
}
