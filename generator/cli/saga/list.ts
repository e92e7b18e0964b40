import { listRuns, type RunFilter } from '../../operate/sagas.js';
import type { RunningSystem } from '../../operate/system.js';
import type { CommandInput, ExitCode } from '../command.js';
import { countOption } from '../operate/arguments.js';
import { age, oneLine, table } from '../operate/table.js';
import { runJson } from './run-json.js';
import { whyOf } from './why.js';

/** `saga list`: one line per run. Stuck ones are findings: 1. */
export async function listCommand(
  { io, options }: CommandInput,
  system: RunningSystem,
  filter: RunFilter,
): Promise<ExitCode> {
  const limit = countOption(options, 'limit', 100);
  const { found, more } = await listRuns(system, filter, limit);
  const code = found.some(({ record }) => record.status === 'stuck') ? 1 : 0;
  if (options.format === 'json') {
    io.out(JSON.stringify({ runs: found.map(runJson), more }, null, 2));
    return code;
  }
  const nowMs = system.clock.now();
  const rows = found.map(({ service, record }) => [
    ...[service, record.saga, oneLine(record.id, 40), record.status, oneLine(record.run.state, 40)],
    `${age(nowMs - record.startedAt)} ago`,
    `${age(nowMs - record.updatedAt)} ago`,
    oneLine(whyOf(record.run)),
  ]);
  for (const line of table(['service', 'saga', 'run', 'status', 'state', 'started', 'moved', 'why'], rows))
    io.out(line);
  if (options.quiet === true) return code;
  if (found.length === 0) io.out('no runs');
  if (more) io.out(`there are more; --limit ${limit * 10} shows more, --service, --saga and --status narrow the list`);
  return code;
}
