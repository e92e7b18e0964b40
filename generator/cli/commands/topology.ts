import type { CommandInput, ExitCode } from '../command.js';
import { oneOf } from '../operate/arguments.js';
import { attempt, operate } from '../operate/operate.js';
import { applyCommand } from '../topology/apply.js';
import { diffCommand } from '../topology/diff.js';

/** `seamwright topology`: what a running broker has otherwise than the contracts say, and making it so. */
export async function topology(input: CommandInput): Promise<ExitCode> {
  return attempt(input, async () => {
    const [action = '', ...workspace] = input.args;
    const command = oneOf('action of topology', action, ['diff', 'apply']) === 'diff' ? diffCommand : applyCommand;
    return operate(input, workspace, ({ model, broker }) => command(input, { model, broker }));
  });
}
