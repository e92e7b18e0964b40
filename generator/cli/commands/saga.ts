import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../../runtime/errors.js';
import type { SagaStatus } from '../../../runtime/saga/run.js';
import type { RunFilter } from '../../operate/sagas.js';
import type { CommandInput, ExitCode, Io } from '../command.js';
import { oneOf, textOption } from '../operate/arguments.js';
import { attempt, operate } from '../operate/operate.js';
import { listCommand } from '../saga/list.js';
import { settleCommand } from '../saga/settle.js';
import { showCommand } from '../saga/show.js';

const statuses = ['running', 'stuck', 'completed', 'compensated'] as const;

/** `seamwright saga`: runs of sagas, listed, shown, and helped on when they are stuck. */
export async function saga(input: CommandInput): Promise<ExitCode> {
  return attempt(input, async () => {
    const [action = '', ...rest] = input.args;
    oneOf('action of saga', action, ['list', 'show', 'retry', 'resolve']);
    const { ids, workspace } = idsAndWorkspace(rest, input.io);
    const filter = filterOf(input);
    if (action === 'list') {
      if (ids.length > 0) throw new UsageError(`"${ids[0]}" is no folder; "saga show ${ids[0]}" shows one run`);
      return operate(input, workspace, (system) => listCommand(input, system, filter));
    }
    const [id, further] = ids;
    if (id === undefined || further !== undefined) throw new UsageError(`"saga ${action}" takes the id of one run`);
    if (action === 'show') return operate(input, workspace, (system) => showCommand(input, system, filter, id));
    const wish = action === 'retry' ? ({ kind: 'retried' } as const) : resolution(input);
    return operate(input, workspace, (system) => settleCommand(input, system, filter, id, wish));
  });
}

function resolution({ options }: CommandInput) {
  const as = textOption(options, 'as');
  const note = textOption(options, 'note');
  if (as === undefined) throw new UsageError('--as is missing: completed or compensated, whichever is true by now');
  if (note === undefined) throw new UsageError('--note is missing: say why, for whoever reads the journal');
  const end = oneOf('end of a saga', as, ['completed', 'compensated']) as 'completed' | 'compensated';
  return { kind: `resolved-${end}`, note } as const;
}

function filterOf({ options }: CommandInput): RunFilter {
  const service = textOption(options, 'service');
  const name = textOption(options, 'saga');
  const status = textOption(options, 'status');
  if (status !== undefined) oneOf('status', status, statuses);
  return {
    ...(service !== undefined && { service }),
    ...(name !== undefined && { saga: name }),
    ...(status !== undefined && { status: status as SagaStatus }),
  };
}

/** The last argument is the workspace when it names a folder. */
function idsAndWorkspace(
  args: readonly string[],
  io: Io,
): { readonly ids: readonly string[]; readonly workspace: readonly string[] } {
  const last = args.at(-1);
  const isFolder =
    last !== undefined && statSync(resolve(io.cwd, last), { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? { ids: args.slice(0, -1), workspace: [last] } : { ids: args, workspace: [] };
}
