import { type RunFilter, showRun } from '../../operate/sagas.js';
import type { RunningSystem } from '../../operate/system.js';
import type { CommandInput, ExitCode } from '../command.js';
import { oneLine, table } from '../operate/table.js';
import { runJson } from './run-json.js';
import { whyOf } from './why.js';

/** `saga show`: everything about one run. One that is stuck is a finding: 1. */
export async function showCommand(
  { io, options }: CommandInput,
  system: RunningSystem,
  filter: RunFilter,
  id: string,
): Promise<ExitCode> {
  const { journal, ...run } = await showRun(system, filter, id);
  const { record, service } = run;
  const code = record.status === 'stuck' ? 1 : 0;
  if (options.format === 'json') {
    io.out(JSON.stringify({ ...runJson(run), outputs: record.run.outputs, journal }, null, 2));
    return code;
  }
  io.out(`${record.saga} ${oneLine(id)} of ${service}: ${record.status}, ${record.run.state}, plan ${record.plan}`);
  const why = whyOf(record.run);
  if (why !== '-') io.out(`why: ${oneLine(why, 500)}`);
  io.out('');
  const rows = journal.map((entry) => [
    ...[String(entry.version), new Date(entry.at).toISOString(), entry.event, entry.step ?? '-', entry.effect],
    ...[entry.state, oneLine(entry.by ?? '-', 40), oneLine(entry.reason ?? '-')],
  ]);
  for (const line of table(['no', 'at', 'event', 'step', 'effect', 'state', 'by', 'why'], rows)) io.out(line);
  if (code === 1 && options.quiet !== true) {
    io.out('');
    io.out(
      `next: mend what is named above, then "saga retry ${id}"; or "saga resolve ${id} --as compensated --note WHY"`,
    );
  }
  return code;
}
