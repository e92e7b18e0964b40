import process from 'node:process';
import { UsageError } from '../errors.js';
import type { Logger } from '../log.js';
import { errorType } from '../tracing.js';
import type { ServerReply } from './exchange.js';
import { ProblemError } from './problem.js';

/** `feature_flag` of a contract. */
export interface FlagDefinition {
  readonly name: string;
  readonly default: boolean;
  /** What operations of the feature answer while it is off. */
  readonly offStatus: number;
}

/** Says whether a feature is on; undefined leaves it to the environment and the contract. Asked at each request: keep it quick. */
export type Flags = (name: string) => boolean | undefined | Promise<boolean | undefined>;

/**
 * The answer of an operation whose feature is off; undefined when it is on, or one of its features is: what two features share stays while one of them is there.
 * Throws `ProblemError` with the contract's status where that is one of an error.
 */
export async function answerOff(
  flags: readonly FlagDefinition[] | undefined,
  ask: Flags | undefined,
  log: Logger,
): Promise<ServerReply | undefined> {
  const [first] = flags ?? [];
  if (flags === undefined || first === undefined) return undefined;
  for (const flag of flags) {
    if (await isOn(flag, ask, log)) return undefined;
  }
  if (first.offStatus >= 400) throw new ProblemError(first.offStatus);
  return { status: first.offStatus, headers: {}, body: null };
}

async function isOn(flag: FlagDefinition, ask: Flags | undefined, log: Logger): Promise<boolean> {
  return (await asked(flag, ask, log)) ?? environmentFlag(flag.name) ?? flag.default;
}

/** Whoever keeps the flags may be away: what the contract says is better than no answer at all. */
async function asked({ name }: FlagDefinition, ask: Flags | undefined, log: Logger): Promise<boolean | undefined> {
  try {
    return await ask?.(name);
  } catch (error) {
    log.warn({ flag: name, error: errorType(error) }, 'a feature flag could not be asked for; its default applies');
    return undefined;
  }
}

/** `new-checkout` is `SEAMWRIGHT_FLAG_NEW_CHECKOUT`. Throws `UsageError` for a word that is neither yes nor no. */
export function environmentFlag(
  name: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean | undefined {
  const variable = `SEAMWRIGHT_FLAG_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;
  const text = environment[variable]?.toLowerCase() ?? '';
  if (text === '') return undefined;
  if (['true', 'on', '1'].includes(text)) return true;
  if (['false', 'off', '0'].includes(text)) return false;
  throw new UsageError(`${variable} is ${JSON.stringify(environment[variable])}; it may be on or off`);
}
