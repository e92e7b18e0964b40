import { UsageError } from '../../../runtime/errors.js';
import { type FollowerState, forceSync } from '../../operate/force-sync.js';
import { type FollowedSync, fullSync } from '../../operate/full-sync.js';
import type { CommandInput, ExitCode } from '../command.js';
import { durationOption, oneOf, positionals, textOption } from '../operate/arguments.js';
import { attempt, operate } from '../operate/operate.js';
import { oneLine, table } from '../operate/table.js';

/** `seamwright sync`: 0 when every follower has what it should, 1 when something is pending or has failed. */
export async function sync(input: CommandInput): Promise<ExitCode> {
  return attempt(input, async () => {
    const [action = '', ...rest] = input.args;
    oneOf('action of sync', action, ['force', 'full']);
    return action === 'force' ? force(input, rest) : full(input, rest);
  });
}

async function force(input: CommandInput, args: readonly string[]): Promise<ExitCode> {
  const { io, options } = input;
  const { values, workspace } = positionals(args, ['the name of the entity', 'the id of the entity']);
  const [entity = '', id = ''] = values;
  if (options.service !== undefined)
    throw new UsageError('"sync force" tells every follower; --service is for "sync full"');
  const waitMs = durationOption(options, 'wait') ?? 30_000;
  return operate(input, workspace, async (system, signal) => {
    const result = await forceSync(system, entity, id, { waitMs, signal });
    const done = result.known && result.followers.every(({ state }) => state === 'shows');
    if (options.format === 'json') {
      io.out(JSON.stringify({ entity, id, ...result }, null, 2));
    } else if (!result.known) {
      io.out(`the owner of ${entity} has never told ${id}; "seamwright doctor ${entity} ${id}" says why`);
    } else {
      io.out(`${entity} ${id}: the owner was asked to tell version ${result.version ?? '-'} again`);
      const rows = result.followers.map(({ copy, state, has, waitsFor, unreachable }) => [
        copy,
        has ?? '-',
        stateText(state, waitsFor ?? unreachable ?? ''),
      ]);
      for (const line of table(['copy', 'version', 'state'], rows)) io.out(line);
      if (!done) io.out(`not everywhere yet; "seamwright doctor ${entity} ${id}" says where it is`);
    }
    return done ? 0 : 1;
  });
}

function stateText(state: FollowerState['state'], more: string): string {
  const texts = {
    shows: 'has it',
    pending: 'pending',
    parked: `parked, waits for ${more}`,
    unreachable: `cannot be asked: ${more}`,
  };
  return oneLine(texts[state], 200);
}

async function full(input: CommandInput, args: readonly string[]): Promise<ExitCode> {
  const { io, options } = input;
  const { values, workspace } = positionals(args, ['the name of the entity']);
  const [entity = ''] = values;
  const waitMs = durationOption(options, 'wait') ?? 3_600_000;
  const service = textOption(options, 'service');
  return operate(input, workspace, async (system, signal) => {
    const states = await fullSync(system, entity, {
      ...(service !== undefined && { service }),
      repair: options.repair === true,
      waitMs,
      signal,
      progress: (now) => io.progress(now.map(({ service: at, run }) => `${at}: ${run?.items ?? 0}`).join(', ')),
    });
    const done = states.every(({ run }) => run?.state === 'done');
    if (options.format === 'json') io.out(JSON.stringify({ entity, followers: states }, null, 2));
    else for (const line of fullLines(states, done)) io.out(line);
    return done ? 0 : 1;
  });
}

function fullLines(states: readonly FollowedSync[], done: boolean): readonly string[] {
  const head = ['follower', 'state', 'pages', 'items', 'applied', 'stale', 'same', 'parked', 'rejected'];
  const rows = states.map(({ service, joined, run, unreachable }) => [
    service,
    unreachable !== undefined
      ? `told, cannot be asked: ${oneLine(unreachable, 200)}`
      : run === undefined
        ? 'not taken yet'
        : `${run.state}${joined ? ' (was running)' : ''}`,
    ...(run === undefined
      ? []
      : [run.pages, run.items, run.applied, run.stale, run.duplicate, run.parked, run.rejected].map(String)),
  ]);
  const problems = states.flatMap(({ service, run }) => [
    ...(run?.trouble === undefined ? [] : [`${service}: ${oneLine(run.trouble, 300)}`]),
    ...(run?.problems ?? []).slice(0, 10).map((problem) => `${service}: rejected: ${oneLine(problem, 300)}`),
  ]);
  const open = states.some(
    ({ run, unreachable }) => unreachable === undefined && (run === undefined || run.state === 'running'),
  );
  return [
    ...table(head, rows),
    ...problems,
    ...(open ? ['it goes on by itself; the same command follows it again'] : []),
    ...(!done && !open ? ['failed: see the log of the follower, then ask again'] : []),
  ];
}
