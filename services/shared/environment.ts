import process from 'node:process';
import type { ListenOptions } from 'seamwright/runtime';

/** Where a started process listens: at `PORT` on every address, or, without one, at a free port of this machine. */
export function listenFromEnvironment(): ListenOptions {
  const port = Number(process.env.PORT ?? '');
  return port > 0 ? { port, host: '0.0.0.0' } : {};
}
