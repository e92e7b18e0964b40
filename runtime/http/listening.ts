import process from 'node:process';
import type { Runnable } from '../run.js';
import type { Listening, ListenOptions } from './node-adapter.js';
import type { HttpServer } from './server.js';

/**
 * A server as something that starts and stops, for `run`. The port is the given one, else the environment's `PORT`, else a free one; the host is the given one,
 * else `HOST`, else 127.0.0.1. `onListening` gets the address once it is known.
 */
export function listening(
  server: HttpServer,
  options: ListenOptions & { readonly onListening?: (url: string) => void } = {},
): Runnable {
  let open: Listening | undefined;
  return {
    async start() {
      const { PORT, HOST } = process.env;
      const port = options.port ?? (PORT === undefined ? undefined : Number(PORT));
      const host = options.host ?? HOST;
      open = await server.listen({ ...(port !== undefined && { port }), ...(host !== undefined && { host }) });
      options.onListening?.(open.url);
    },
    async stop() {
      await open?.close();
      open = undefined;
    },
  };
}
