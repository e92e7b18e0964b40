import { currentScope } from './scope.js';
import { activeTraceparent, traceIdOf } from './tracing.js';

/** The part of a pino logger that the runtime uses. */
export interface Logger {
  debug(facts: Readonly<Record<string, unknown>>, message: string): void;
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
  error(facts: Readonly<Record<string, unknown>>, message: string): void;
}

const nothing = (): void => {};

/** Drops everything: the default of a library that should not speak unasked. */
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Adds to every line what it belongs to: correlation id and trace of the work at hand, and the consumer with its message. What a line says itself comes first. */
export function inContext(log: Logger): Logger {
  if (log === silentLogger) return log;
  return withFacts(log, () => {
    const scope = currentScope();
    const traceId = traceIdOf(activeTraceparent() ?? scope?.cause.traceparent);
    const trace = traceId === undefined ? {} : { traceId };
    if (scope === undefined) return trace;
    const { consumer, cause } = scope;
    const message = consumer === undefined ? {} : { consumer, messageId: cause.causationId };
    return { ...message, correlationId: cause.correlationId, ...trace };
  });
}

/** Adds fixed facts, such as the correlation id, to every line; a function is asked at each. */
export function withFacts(
  log: Logger,
  given: Readonly<Record<string, unknown>> | (() => Readonly<Record<string, unknown>>),
): Logger {
  if (log === silentLogger) return log;
  const facts = typeof given === 'function' ? given : () => given;
  return {
    debug: (more, message) => log.debug({ ...facts(), ...more }, message),
    info: (more, message) => log.info({ ...facts(), ...more }, message),
    warn: (more, message) => log.warn({ ...facts(), ...more }, message),
    error: (more, message) => log.error({ ...facts(), ...more }, message),
  };
}
