import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../../../runtime/errors.js';
import { type DeadLetterFilter, listDeadLetters } from '../../operate/dead-letters.js';
import { dropDeadLetters } from '../../operate/drop.js';
import type { RunningSystem } from '../../operate/system.js';
import type { CommandInput, ExitCode } from '../command.js';
import { countOption, textOption } from '../operate/arguments.js';
import { oneLine } from '../operate/table.js';
import { letterJson } from './list.js';

/** `dlq drop`: removes what it has written to a file first, so that nothing is lost for ever. */
export async function dropCommand(
  { io, options }: CommandInput,
  system: RunningSystem,
  filter: DeadLetterFilter,
  signal: AbortSignal,
): Promise<ExitCode> {
  const why = textOption(options, 'reason');
  if (why === undefined) throw new UsageError('say why with --reason TEXT: it is kept beside what is dropped');
  // Here --reason is the operator's; it must not pick dead letters whose own reason is the same text.
  const { reason: _, ...wanted } = filter;
  if (Object.keys(wanted).length === 0 && options.all !== true) {
    throw new UsageError('say which dead letters to drop: ids, filters such as --service, or --all');
  }
  const limit = countOption(options, 'limit', Number.MAX_SAFE_INTEGER);
  if (options.yes !== true) {
    const { found } = await listDeadLetters(system, wanted, { limit });
    throw new UsageError(
      `${found.length === 1 ? '1 dead letter' : `${found.length} dead letters`} would be dropped; say --yes to do it`,
    );
  }
  const path =
    textOption(options, 'keep') ?? `dropped-${new Date(system.clock.now()).toISOString().replaceAll(':', '-')}.jsonl`;
  // The whole messages are in it: for its owner's eyes only.
  const file = await open(resolve(io.cwd, path), 'ax', 0o600);
  try {
    const dropped = await dropDeadLetters(system, wanted, {
      why,
      limit,
      signal,
      async keep(record) {
        await file.appendFile(`${JSON.stringify(record)}\n`);
        // Written is not kept: the message is removed from the broker next.
        await file.sync();
      },
    });
    if (options.format === 'json') {
      io.out(JSON.stringify({ dropped: dropped.map(letterJson), keptIn: path }, null, 2));
      return 0;
    }
    for (const { id, queue } of dropped) io.out(`dropped ${oneLine(id)} of ${queue.name}`);
    io.out(`${dropped.length} dropped, kept in ${path}`);
    return 0;
  } finally {
    await file.close();
  }
}
