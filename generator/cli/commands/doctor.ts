import { UsageError } from '../../../runtime/errors.js';
import { type Health, health } from '../../operate/health.js';
import { type Trace, trace } from '../../operate/trace.js';
import type { CommandInput, ExitCode } from '../command.js';
import { attempt, operate } from '../operate/operate.js';
import { age, oneLine, table } from '../operate/table.js';

/** `seamwright doctor`: what is wrong with the system, or where the messages of one entity are. 0 when nothing is wrong, else 1. */
export async function doctor(input: CommandInput): Promise<ExitCode> {
  return attempt(input, async () => {
    const { args, io, options } = input;
    if (args.length > 3) throw new UsageError(`"${args[3]}" is one argument too many`);
    if (args.length >= 2) {
      const [entity = '', id = '', ...workspace] = args;
      return operate(input, workspace, async (system) => {
        const found = await trace(system, entity, id);
        if (options.format === 'json') io.out(JSON.stringify(found, null, 2));
        else for (const line of traceLines(found, system.clock.now())) io.out(line);
        return found.owner.state === 'told' && found.consumers.every(({ next }) => next === undefined) ? 0 : 1;
      });
    }
    return operate(input, args, async (system) => {
      const found = await health(system);
      if (options.format === 'json') io.out(JSON.stringify(found, null, 2));
      else for (const line of healthLines(found, options.quiet === true)) io.out(line);
      return found.findings.length === 0 ? 0 : 1;
    });
  });
}

function healthLines({ services, findings }: Health, quiet: boolean): readonly string[] {
  const queues = services.flatMap(({ queues: all }) =>
    all.map(({ name, depth }) =>
      depth === null
        ? [name, 'missing']
        : [name, ...[depth.ready, depth.inFlight, depth.delayed, depth.dead, depth.consumers].map(number)],
    ),
  );
  const stores = services.map(({ service, store, unreachable }) =>
    store === undefined
      ? [service, oneLine(unreachable ?? '', 120)]
      : [
          service,
          String(store.outbox.pending),
          store.outbox.oldestAgeMs === undefined ? '-' : age(store.outbox.oldestAgeMs),
          String(store.parked.reduce((sum, { count }) => sum + count, 0)),
          age(Math.max(0, ...store.parked.map(({ oldestAgeMs = 0 }) => oldestAgeMs))),
        ],
  );
  const state = quiet
    ? []
    : [
        ...table(['queue', 'ready', 'in work', 'delayed', 'dead', 'consumers'], queues),
        '',
        ...table(['service', 'outbox', 'oldest', 'parked', 'oldest'], stores),
        '',
      ];
  return [
    ...state,
    ...findings.flatMap(({ severity, service, problem, next }) => [
      `${severity}: ${service}: ${oneLine(problem, 300)}`,
      `  next: ${oneLine(next, 300)}`,
    ]),
    ...(findings.length === 0 && !quiet ? ['nothing is wrong'] : []),
  ];
}

function number(value: number | undefined): string {
  return value === undefined ? '-' : String(value);
}

function traceLines({ entity, id, owner, consumers }: Trace, nowMs: number): readonly string[] {
  const since = owner.outboxSince === undefined ? '' : ` since ${age(nowMs - owner.outboxSince)}`;
  return [
    `${entity} ${oneLine(id)}`,
    `owner ${owner.service}: ${oneLine(owner.verdict, 500)}${since}`,
    '',
    ...table(
      ['consumer', 'state', 'verdict'],
      consumers.map(({ consumer, state, verdict }) => [consumer, state, oneLine(verdict, 300)]),
    ),
    ...consumers.flatMap(({ consumer, next }) =>
      next === undefined ? [] : [`next for ${consumer}: ${oneLine(next, 300)}`],
    ),
  ];
}
