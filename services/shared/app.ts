import {
  type Authenticate,
  type ClientOptions,
  type HttpServer,
  type ListenOptions,
  listening,
  type Runnable,
  type ServiceOptions,
} from 'seamwright/runtime';

/** What an app runs on; everything has a default. */
export interface AppOptions<Caller = unknown> extends Omit<ServiceOptions, 'prepare'>, ClientOptions {
  /** Default: a free port. Empty: `PORT` and `HOST` of the environment. */
  readonly listen?: ListenOptions;
  /** Who may call. Default `none`: the gateway in front has checked the token. */
  readonly authenticate?: Authenticate<Caller> | 'none';
}

/** A service and its HTTP server, started and stopped together. */
export interface App<Service extends Runnable> extends Runnable {
  readonly service: Service;
  /** What answers its requests; for platforms and tests that need no port. */
  readonly server: HttpServer;
  /** Where the server listens; empty before `start`. */
  readonly url: string;
}

/** Starts the service before its server and stops it after: no request meets a service that is not there. */
export function appOf<Service extends Runnable>(
  service: Service,
  server: HttpServer,
  listen: ListenOptions = { port: 0 },
): App<Service> {
  let url = '';
  const front = listening(server, {
    ...listen,
    onListening: (address) => {
      url = address;
    },
  });
  return {
    service,
    server,
    get url() {
      return url;
    },
    async start() {
      await service.start();
      await front.start();
    },
    async stop() {
      await front.stop();
      await service.stop();
    },
  };
}
