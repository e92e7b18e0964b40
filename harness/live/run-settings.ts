import { parseDuration } from '../../generator/schema/duration.js';
import { UsageError } from '../../runtime/errors.js';

/** How a service is started, as its `run` in services.yaml says, every default filled in; times in ms. */
export interface RunSettings {
  /** A text goes through a shell, a list does not. */
  readonly command: string | readonly string[];
  /** Relative to the project. */
  readonly workingDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly health: Health;
  readonly stopSignal: NodeJS.Signals;
  readonly stopGraceMs: number;
  readonly probe: { readonly state?: string; readonly providerStates?: string; readonly publish?: string };
}

export interface Health {
  /** Path that answers 2xx when the service is ready. */
  readonly http?: string;
  /** Command that ends with 0 when it is ready. Without either, it is ready as soon as its port takes connections. */
  readonly test?: string | readonly string[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** How long it may take to be ready. */
  readonly patienceMs: number;
}

/** A machine that is busy with other things still gets a service up. */
const leastPatienceMs = 60_000;

type Mapping = Readonly<Record<string, unknown>>;

/** Reads `run` of a service. Throws `UsageError` that says what is missing. */
export function runSettings(service: string, run: Mapping | undefined): RunSettings {
  const command = run?.command;
  if (run === undefined || (typeof command !== 'string' && !Array.isArray(command)) || command.length === 0) {
    throw new UsageError(
      `services.yaml does not say how "${service}" is started: give it "run: { command: [...] }" to verify it at level live`,
    );
  }
  const { probe } = run;
  const { state, provider_states: providerStates, publish } = mapping(probe);
  return {
    command: typeof command === 'string' ? command : command.map(String),
    workingDir: typeof run.working_dir === 'string' ? run.working_dir : '.',
    environment: Object.fromEntries(
      Object.entries(mapping(run.environment)).map(([name, value]) => [name, String(value ?? '')]),
    ),
    health: healthOf(mapping(run.healthcheck)),
    stopSignal: (typeof run.stop_signal === 'string' ? run.stop_signal : 'SIGTERM') as NodeJS.Signals,
    stopGraceMs: duration(run.stop_grace_period) ?? 10_000,
    probe: {
      ...(typeof state === 'string' && { state }),
      ...(typeof providerStates === 'string' && { providerStates }),
      ...(typeof publish === 'string' && { publish }),
    },
  };
}

function healthOf(check: Mapping): Health {
  const { http, test, retries } = check;
  const intervalMs = duration(check.interval) ?? 500;
  const asked = (duration(check.start_period) ?? 0) + intervalMs * (typeof retries === 'number' ? retries : 3);
  return {
    ...(typeof http === 'string' && { http }),
    ...(typeof test === 'string' && { test }),
    ...(Array.isArray(test) && { test: test.map(String) }),
    intervalMs,
    timeoutMs: duration(check.timeout) ?? 5_000,
    patienceMs: Math.max(asked, leastPatienceMs),
  };
}

/**
 * Environment of a service: `${NAME}` and `${NAME:-default}` are replaced from `given`. Throws `UsageError` for a variable that is not set: half a URL leads
 * to some other server.
 */
export function filledEnvironment(
  service: string,
  { environment }: Pick<RunSettings, 'environment'>,
  given: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const fill = (text: string): string =>
    text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g, (_, name: string, fallback: string | undefined) => {
      const value = given[name] || fallback;
      if (value !== undefined) return value;
      throw new UsageError(
        `"${service}" is started with \${${name}}, which is not set: set it to verify at level live`,
      );
    });
  return Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, fill(text)]));
}

function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
}

function duration(value: unknown): number | undefined {
  return typeof value === 'string' ? parseDuration(value) : undefined;
}
