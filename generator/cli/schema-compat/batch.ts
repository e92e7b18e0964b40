import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { UsageError } from '../../../runtime/errors.js';
import type { SchemaSource } from '../../schema/contains.js';
import type { CommandInput, ExitCode } from '../command.js';
import { CONTENTS, compare, exitCodeFor, MODES, wordOf } from './compare.js';
import { dialectNamed } from './dialect-named.js';

/**
 * A verdict line for each line of a file, as they come; `-` reads standard input. A line that is no pair is answered with `error`. 2 when there was one,
 * else 1 when a pair is incompatible, else 3 when one is unknown.
 */
export async function compareBatch({ io, options }: CommandInput, file: string): Promise<ExitCode> {
  const seen = new Set<ExitCode>();
  const input = file === '-' ? process.stdin : createReadStream(resolve(io.cwd, file));
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      if (line.trim() === '') continue;
      const { answer, exitCode } = answerTo(line, number, options);
      seen.add(exitCode);
      io.out(JSON.stringify(answer));
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`"${file}" cannot be read (${code})`);
  }
  return ([2, 1, 3] as const).find((code) => seen.has(code)) ?? 0;
}

interface Answer {
  readonly answer: Readonly<Record<string, unknown>>;
  readonly exitCode: ExitCode;
}

function answerTo(line: string, number: number, options: CommandInput['options']): Answer {
  let id: unknown = null;
  try {
    const pair = pairOf(line);
    id = pair.id ?? null;
    const mode = wordOf('mode', pair.mode ?? options.mode, MODES, 'backward');
    const content = wordOf('content', pair.content ?? options.content, CONTENTS, 'strict');
    const dialect = pair.dialect ?? options.dialect;
    const named = dialect === undefined ? {} : { dialect: dialectNamed(String(dialect)) };
    const [old, next] = (['old', 'new'] as const).map(
      (side): SchemaSource => ({ schema: schemaOf(pair, side), ...named }),
    );
    if (!old || !next) throw new UsageError('"old" and "new" are missing');
    const { verdict, counterexample, directions } = compare(old, next, mode, content);
    const [open] = directions.flatMap((each) => (each.verdict.verdict === 'unknown' ? [each.verdict.why] : []));
    return {
      answer: {
        id,
        verdict,
        ...(counterexample === undefined ? {} : { counterexample: counterexample.value }),
        ...(verdict === 'unknown' && open !== undefined ? { why: open } : {}),
      },
      exitCode: exitCodeFor(verdict),
    };
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof SyntaxError)) throw error;
    return { answer: { id, line: number, error: `${error.message}.` }, exitCode: 2 };
  }
}

function pairOf(line: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(line);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new UsageError('a line is an object with "id", "old" and "new"');
}

function schemaOf(pair: Readonly<Record<string, unknown>>, side: 'old' | 'new'): unknown {
  if (!Object.hasOwn(pair, side)) throw new UsageError(`"${side}" is missing`);
  const schema = pair[side];
  if (typeof schema === 'boolean' || (typeof schema === 'object' && schema !== null && !Array.isArray(schema)))
    return schema;
  throw new UsageError(`"${side}" is no schema: an object or a boolean was expected`);
}
