import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../../runtime/errors.js';
import type { DeadLetterFilter } from '../../operate/dead-letters.js';
import type { CommandInput, ExitCode, Io } from '../command.js';
import { dropCommand } from '../dlq/drop.js';
import { listCommand } from '../dlq/list.js';
import { replayCommand } from '../dlq/replay.js';
import { showCommand } from '../dlq/show.js';
import { durationOption, oneOf, textOption } from '../operate/arguments.js';
import { attempt, operate } from '../operate/operate.js';

/** `seamwright dlq`: dead letters, listed, shown, sent back or dropped. */
export async function dlq(input: CommandInput): Promise<ExitCode> {
  return attempt(input, async () => {
    const [action = '', ...rest] = input.args;
    oneOf('action of dlq', action, ['list', 'show', 'replay', 'drop']);
    const { ids, workspace } = idsAndWorkspace(rest, input.io);
    const read = (nowMs: number) => filterOf(input, ids, nowMs);
    // Before anything is opened: what is not asked for clearly is not worth a connection.
    if (action === 'replay' || action === 'drop') chosen(input, read(0));
    switch (action) {
      case 'list':
        if (ids.length > 0)
          throw new UsageError(`"${ids[0]}" is no folder; "dlq show ${ids[0]}" shows one dead letter`);
        return operate(input, workspace, (system) => listCommand(input, system, read(system.clock.now())));
      case 'show':
        if (ids.length !== 1) throw new UsageError('"dlq show" takes the id of one message');
        return operate(input, workspace, (system) => showCommand(input, system, read(system.clock.now())));
      case 'replay':
        return operate(input, workspace, (system, signal) =>
          replayCommand(input, system, chosen(input, read(system.clock.now())), signal),
        );
      default:
        return operate(input, workspace, (system, signal) =>
          dropCommand(input, system, chosen(input, read(system.clock.now())), signal),
        );
    }
  });
}

/** The last argument is the workspace when it names a folder; ids of messages name none. */
function idsAndWorkspace(
  args: readonly string[],
  io: Io,
): { readonly ids: readonly string[]; readonly workspace: readonly string[] } {
  const last = args.at(-1);
  const isFolder =
    last !== undefined && statSync(resolve(io.cwd, last), { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? { ids: args.slice(0, -1), workspace: [last] } : { ids: args, workspace: [] };
}

function filterOf({ options }: CommandInput, ids: readonly string[], nowMs: number): DeadLetterFilter {
  const sinceMs = durationOption(options, 'since');
  const entity = textOption(options, 'entity');
  const entityId = textOption(options, 'id');
  const named = ['service', 'reason', 'message', 'consumer'].flatMap((name) => {
    const value = textOption(options, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(named),
    ...(ids.length > 0 && { ids }),
    ...(entity !== undefined && { entity }),
    ...(entityId !== undefined && { entityId }),
    ...(sinceMs !== undefined && { since: nowMs - sinceMs }),
  };
}

/** Nothing is sent back or dropped only because nobody said what. */
function chosen({ options }: CommandInput, filter: DeadLetterFilter): DeadLetterFilter {
  if (Object.keys(filter).length > 0 || options.all === true) return filter;
  throw new UsageError('say which dead letters: ids, filters such as --service and --reason, or --all');
}
