import { UsageError } from '../../../runtime/errors.js';
import { nearest } from '../../diagnostics/nearest.js';
import { parseDuration } from '../../schema/duration.js';
import type { CommandInput } from '../command.js';

type Options = CommandInput['options'];

/** An option's text; undefined when it is absent or empty. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number of at least 1. Throws `UsageError` for anything else. */
export function countOption(options: Options, name: string, fallback: number): number {
  const text = textOption(options, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new UsageError(`--${name} takes a whole number of at least 1, not "${text}"`);
}

/** A duration such as `2h` in ms. Throws `UsageError` for anything else. */
export function durationOption(options: Options, name: string): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const value = parseDuration(text);
  if (value !== undefined) return value;
  throw new UsageError(`--${name} takes a duration such as 30s, 15m or 2h, not "${text}"`);
}

/** A rate such as `50/s` or `600/m`, per second. Throws `UsageError` for anything else. */
export function rateOption(options: Options, name: string): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(?:\/(s|m))?$/.exec(text) ?? [];
  const value = Number(amount) / (unit === 'm' ? 60 : 1);
  if (value > 0) return value;
  throw new UsageError(`--${name} takes a rate such as 50/s or 600/m, not "${text}"`);
}

/** Arguments of a command that takes exactly `names`, and perhaps the folder of a workspace behind them. Throws `UsageError` when one is missing or too many are there. */
export function positionals(
  args: readonly string[],
  names: readonly string[],
): { readonly values: readonly string[]; readonly workspace: readonly string[] } {
  const missing = names[args.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  const rest = args.slice(names.length);
  if (rest.length > 1) throw new UsageError(`"${rest[1]}" is one argument too many`);
  return { values: args.slice(0, names.length), workspace: rest };
}

/** One of `known`. Throws `UsageError` that names them all, and the one that was meant. */
export function oneOf(what: string, word: string, known: readonly string[]): string {
  if (known.includes(word)) return word;
  const near = nearest(word, known);
  const meant = near === undefined ? '' : ` Did you mean "${near}"?`;
  throw new UsageError(
    `there is no ${what} "${word}"; there are ${known.map((one) => `"${one}"`).join(', ')}.${meant}`,
  );
}
