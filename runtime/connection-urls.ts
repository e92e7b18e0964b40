import type { ServiceDefinition } from './definition.js';
import { UsageError } from './errors.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Broker of a service: `SEAMWRIGHT_BROKER_URL`, else what its contracts say, else undefined. Throws `UsageError` for a variable that is not set. */
export function brokerUrl({ defaults, service }: ServiceDefinition, env: Environment): string | undefined {
  return env.SEAMWRIGHT_BROKER_URL || filled(defaults?.brokerUrl, env, `the broker of "${service}"`);
}

/** Store of a service: `SEAMWRIGHT_DATABASE_URL`, else what its contracts say, else undefined. Throws `UsageError` for a variable that is not set. */
export function databaseUrl({ defaults, service }: ServiceDefinition, env: Environment): string | undefined {
  return env.SEAMWRIGHT_DATABASE_URL || filled(defaults?.databaseUrl, env, `the store of "${service}"`);
}

/** An unset variable is never just left out: half a URL leads to some other server. */
function filled(text: string | undefined, env: Environment, what: string): string | undefined {
  return text?.replace(
    /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g,
    (_, name: string, fallback: string | undefined) => {
      const value = env[name] || fallback;
      if (value !== undefined) return value;
      throw new UsageError(`the environment variable "${name}" is not set: it says where ${what} is`);
    },
  );
}
