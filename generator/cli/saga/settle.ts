import type { SagaWish } from '../../../runtime/saga/run.js';
import { type RunFilter, settleRun } from '../../operate/sagas.js';
import type { RunningSystem } from '../../operate/system.js';
import type { CommandInput, ExitCode } from '../command.js';
import { oneLine } from '../operate/table.js';
import { runJson } from './run-json.js';

/** `saga retry` and `saga resolve`: tells the service what is to become of a run that is stuck. */
export async function settleCommand(
  { io, options }: CommandInput,
  system: RunningSystem,
  filter: RunFilter,
  id: string,
  wish: SagaWish,
): Promise<ExitCode> {
  const asked = await settleRun(system, filter, id, wish);
  if (options.format === 'json') io.out(JSON.stringify({ asked: runJson(asked) }, null, 2));
  else if (options.quiet !== true) {
    const what = wish.kind === 'retried' ? 'tries again' : `counts it as ${wish.kind.replace('resolved-', '')}`;
    io.out(`${asked.service} ${what} within a second, or when it is started; "saga show ${oneLine(id)}" tells`);
  }
  return 0;
}
