import { UsageError } from '../../../runtime/errors.js';
import type { CommandInput, ExitCode } from '../command.js';
import { positionals, textOption } from '../operate/arguments.js';
import { attempt } from '../operate/operate.js';
import { compareBatch } from '../schema-compat/batch.js';
import { comparePair } from '../schema-compat/pair.js';

/** `seamwright schema-compat`: whether every value that one schema accepts is accepted by another. */
export async function schemaCompat(input: CommandInput): Promise<ExitCode> {
  return attempt(input, async () => {
    const batch = textOption(input.options, 'batch');
    if (batch !== undefined) {
      if (input.args.length > 0) throw new UsageError('--batch takes its pairs from a file: leave out the two schemas');
      return compareBatch(input, batch);
    }
    const { values, workspace } = positionals(input.args, ['the old schema', 'the new schema']);
    const [old, next] = values;
    if (old === undefined || next === undefined || workspace.length > 0)
      throw new UsageError('two schemas are compared: "schema-compat OLD NEW"');
    return comparePair(input, [old, next]);
  });
}
