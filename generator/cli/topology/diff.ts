import type { Broker, TopologyDifference } from '../../../runtime/brokers/broker.js';
import { systemTopology } from '../../emit/topology.js';
import type { Model } from '../../model/types.js';
import type { CommandInput, ExitCode, Io } from '../command.js';
import { oneLine } from '../operate/table.js';

/** A system and the broker that it runs on. */
export interface OnBroker {
  readonly model: Model;
  readonly broker: Broker;
}

/** `topology diff`: each difference with the command that mends it. 1 when there are any. */
export async function diffCommand(input: CommandInput, { model, broker }: OnBroker): Promise<ExitCode> {
  const differences = await broker.admin.diff(systemTopology(model));
  const { io, options } = input;
  if (options.format === 'json') {
    io.out(JSON.stringify({ system: model.system, broker: broker.kind, differences }, null, 2));
  } else {
    tell(input, { model, broker }, differences);
  }
  return differences.length === 0 ? 0 : 1;
}

/** The differences as text for people, or that there are none. */
export function tell(
  { io, options }: CommandInput,
  { model, broker }: OnBroker,
  all: readonly TopologyDifference[],
): void {
  if (all.length === 0) {
    if (options.quiet !== true) io.out(`${broker.kind} has what the contracts of "${model.system}" say`);
    return;
  }
  for (const difference of all) tellOne(io, difference);
  if (options.quiet === true) return;
  const places = all.length === 1 ? 'in one place' : `in ${all.length} places`;
  io.out(`${broker.kind} differs from the contracts of "${model.system}" ${places}`);
}

/** Names may come from the broker, where anybody can have put them. */
function tellOne(io: Io, { kind, resource, name, detail, command }: TopologyDifference): void {
  io.out(`${kind} ${resource} "${oneLine(name, lineMax)}": ${oneLine(detail, lineMax)}`);
  io.out(`  fix: ${oneLine(command, lineMax)}`);
}

/** A command that is cut cannot be run; only what no command is as long as is cut. */
const lineMax = 10_000;
