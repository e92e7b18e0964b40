import { UsageError } from '../../../runtime/errors.js';
import { expandEnvironment } from '../../load/environment.js';
import type { Model } from '../../model/types.js';
import type { CommandInput } from '../command.js';

/** Where the parts of a system are. Values hold passwords: they are for connecting, never for showing. */
export interface Connections {
  readonly broker: string;
  /** Undefined when nobody has said where the service's database is. */
  database(service: string): string | undefined;
}

type Input = Pick<CommandInput, 'options'> & { readonly env: Readonly<Record<string, string | undefined>> };

/**
 * Options first, then what the contracts say of a service, then the environment, then the workspace.
 * Throws `UsageError` when all there is lives inside the services' own process.
 */
export function connectionsOf(model: Model, { options, env }: Input): Connections {
  const { settings } = model;
  const broker = text(options.broker) ?? text(env.SEAMWRIGHT_BROKER_URL) ?? settings.broker.url;
  if (broker === undefined || schemeOf(broker) === 'memory') {
    throw new UsageError(
      'the memory broker lives inside the process of its services, no command can look into it. Run them on a broker of its own and name it with --broker or SEAMWRIGHT_BROKER_URL',
    );
  }
  const given = databasesOf(options.database);
  for (const name of given.keys()) {
    if (name !== '' && !model.services.has(name))
      throw new UsageError(`--database names "${name}", which is no service of ${model.system}`);
  }
  return {
    broker,
    database(service) {
      const url =
        given.get(service) ??
        given.get('') ??
        ownDatabase(model, service, env) ??
        text(env.SEAMWRIGHT_DATABASE_URL) ??
        settings.store.url;
      if (url === undefined) return undefined;
      if (/^(memory|pglite)$/.test(schemeOf(url))) return undefined;
      return url;
    },
  };
}

/** `--database URL` for all, `--database SERVICE=URL` for one; by service, '' for all. */
function databasesOf(option: unknown): ReadonlyMap<string, string> {
  const values = (Array.isArray(option) ? option : [option]).filter((value) => typeof value === 'string');
  return new Map(
    values.map((value) => {
      const [, service = '', url = value] = /^([A-Za-z0-9_.-]+)=([a-z][a-z0-9+.-]*:.*)$/s.exec(value) ?? [];
      return [service, url] as const;
    }),
  );
}

function ownDatabase(model: Model, service: string, env: Input['env']): string | undefined {
  const environment = model.services.get(service)?.run?.environment;
  if (typeof environment !== 'object' || environment === null) return undefined;
  const written: unknown = Reflect.get(environment, 'SEAMWRIGHT_DATABASE_URL');
  return typeof written === 'string' ? text(expandEnvironment(written, env)) : undefined;
}

function schemeOf(url: string): string {
  return /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
