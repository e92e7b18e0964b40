import type { TopologyDifference } from '../../../runtime/brokers/broker.js';
import { UsageError } from '../../../runtime/errors.js';
import { systemTopology } from '../../emit/topology.js';
import type { CommandInput, ExitCode } from '../command.js';
import { oneLine } from '../operate/table.js';
import { type OnBroker, tell } from './diff.js';

/**
 * `topology apply`: declares what is missing, then shows what is left: what was declared otherwise, or by somebody else, is never removed from here. 1 when
 * something is left. With `--dry-run` only shows what there is to do, and exits 0.
 */
export async function applyCommand(input: CommandInput, place: OnBroker): Promise<ExitCode> {
  const { io, options } = input;
  const { model, broker } = place;
  const topology = systemTopology(model);
  const before = await broker.admin.diff(topology);
  const dryRun = options.dryRun === true;
  const refusal = dryRun ? undefined : await declared();
  const left = dryRun ? before : await broker.admin.diff(topology);
  const made = dryRun ? [] : before.filter((one) => !left.some((other) => isSame(one, other)));
  if (options.format === 'json') {
    const refused = refusal === undefined ? {} : { refused: refusal };
    io.out(JSON.stringify({ system: model.system, broker: broker.kind, made, ...refused, differences: left }, null, 2));
  } else {
    if (options.quiet !== true) for (const one of made) io.out(`made ${one.resource} "${oneLine(one.name, 300)}"`);
    if (refusal !== undefined) io.err(`error: ${oneLine(refusal, 2_000)}.`);
    tell(input, place, left);
  }
  return dryRun || (left.length === 0 && refusal === undefined) ? 0 : 1;

  /** Why the broker refuses, when what is there contradicts the contracts. */
  async function declared(): Promise<string | undefined> {
    try {
      await broker.declare(topology);
      return undefined;
    } catch (error) {
      if (error instanceof UsageError) return error.message;
      throw error;
    }
  }
}

function isSame(one: TopologyDifference, other: TopologyDifference): boolean {
  return (
    one.kind === other.kind && one.resource === other.resource && one.name === other.name && one.detail === other.detail
  );
}
