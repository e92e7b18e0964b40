import type {
  Authenticate,
  ClientOptions,
  HttpServer,
  Listening,
  ListenOptions,
  Runnable,
  ServiceOptions,
} from 'seamwright/runtime';

/** What an app runs on; everything has a default. */
export interface AppOptions<Caller = unknown> extends Omit<ServiceOptions, 'prepare'> {
  /** Default: a free port of this machine. */
  readonly listen?: ListenOptions;
  /** Who may call. Default `none`: the gateway in front has checked the token. */
  readonly authenticate?: Authenticate<Caller> | 'none';
  /** The token that this service shows to the services it calls. */
  readonly authorize?: NonNullable<ClientOptions['authorize']>;
}

/** A service and its HTTP server, started and stopped together. */
export interface App<Service extends Runnable> extends Runnable {
  readonly service: Service;
  /** Where the server listens; empty before `start`. */
  readonly url: string;
}

/** Starts the service before its server and stops it after: no request meets a service that is not there. */
export function appOf<Service extends Runnable>(
  service: Service,
  server: HttpServer,
  listen?: ListenOptions,
): App<Service> {
  let listening: Listening | undefined;
  return {
    service,
    get url() {
      return listening?.url ?? '';
    },
    async start() {
      await service.start();
      listening = await server.listen(listen);
    },
    async stop() {
      await listening?.close();
      listening = undefined;
      await service.stop();
    },
  };
}
