import { type DeadLetter, type DeadLetterFilter, listDeadLetters } from '../../operate/dead-letters.js';
import { cleanedLetter } from '../../operate/show-dead-letter.js';
import type { RunningSystem } from '../../operate/system.js';
import type { CommandInput, ExitCode } from '../command.js';
import { countOption } from '../operate/arguments.js';
import { age, oneLine, table } from '../operate/table.js';

/** `dlq list`: one line per dead letter, then how many there are of each reason. Having some is no failure: 0. */
export async function listCommand(
  { io, options }: CommandInput,
  system: RunningSystem,
  filter: DeadLetterFilter,
): Promise<ExitCode> {
  const limit = countOption(options, 'limit', 100);
  const { found, more } = await listDeadLetters(system, filter, { limit });
  const letters = found.map((letter) => cleanedLetter(system.model, letter));
  const reasons = countBy(letters, ({ reason }) => reason);
  if (options.format === 'json') {
    io.out(JSON.stringify({ deadLetters: letters.map(letterJson), reasons, more }, null, 2));
    return 0;
  }
  if (letters.length === 0) {
    if (options.quiet !== true) io.out('no dead letters');
    return 0;
  }
  const nowMs = system.clock.now();
  for (const line of table(
    HEAD,
    letters.map((letter) => row(letter, nowMs)),
  ))
    io.out(line);
  if (options.quiet === true) return 0;
  io.out('');
  for (const line of table(
    ['reason', 'messages'],
    Object.entries(reasons).map(([reason, count]) => [reason, String(count)]),
  ))
    io.out(line);
  if (more) io.out(`there are more; --limit ${limit * 10} shows more, --service, --reason and --since narrow the list`);
  return 0;
}

const HEAD = [
  'queue',
  'id',
  'message',
  'entity',
  'reason',
  'consumer',
  'tries',
  'first failed',
  'last failed',
  'last error',
];

function row(letter: DeadLetter, nowMs: number): readonly string[] {
  const ago = (instant: number | undefined): string => (instant === undefined ? '-' : `${age(nowMs - instant)} ago`);
  const short = (name: string): string => name.replace(`${letter.service}.`, '');
  return [
    letter.queue.name,
    oneLine(letter.id, 40),
    oneLine(letter.message ?? '-', 40),
    letter.entityId === undefined ? '-' : oneLine(`${letter.entity ?? ''} ${letter.entityId}`, 60),
    oneLine(letter.reason, 40),
    oneLine(letter.consumers.map(short).join(',') || '-', 40),
    letter.attempts === undefined ? '-' : String(letter.attempts),
    ago(letter.firstFailedAt),
    ago(letter.lastFailedAt),
    oneLine(letter.lastError ?? letter.problem ?? '-'),
  ];
}

/** A dead letter for programs; the message itself is for `dlq show`. */
export function letterJson(letter: DeadLetter): object {
  const { envelope, wire: _, queue, ...facts } = letter;
  return { ...facts, queue: queue.name, ...(envelope !== undefined && { correlationId: envelope.correlationid }) };
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, left], [, right]) => right - left));
}
