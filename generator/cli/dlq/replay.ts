import { type DeadLetterFilter, listDeadLetters } from '../../operate/dead-letters.js';
import { type Replayed, replayDeadLetters } from '../../operate/replay.js';
import { showDeadLetter } from '../../operate/show-dead-letter.js';
import type { RunningSystem } from '../../operate/system.js';
import type { CommandInput, ExitCode } from '../command.js';
import { countOption, durationOption, rateOption } from '../operate/arguments.js';
import { oneLine, table } from '../operate/table.js';
import { letterJson } from './list.js';

/** `dlq replay`: 0 when every message was taken, 1 when one failed again, was refused, or nobody has taken it yet. */
export async function replayCommand(
  { io, options }: CommandInput,
  system: RunningSystem,
  filter: DeadLetterFilter,
  signal: AbortSignal,
): Promise<ExitCode> {
  const limit = countOption(options, 'limit', Number.MAX_SAFE_INTEGER);
  const perSecond = rateOption(options, 'rate');
  const replayed =
    options.dryRun === true
      ? await foreseen(system, filter, limit)
      : await replayDeadLetters(system, filter, {
          limit,
          signal,
          force: options.force === true,
          waitMs: durationOption(options, 'wait') ?? 30_000,
          ...(perSecond !== undefined && { perSecond }),
        });
  const bad = replayed.some(({ outcomes }) => Object.values(outcomes).some((word) => !settled(word)));
  if (options.format === 'json') {
    const items = replayed.map(({ letter, outcomes }) => ({ ...letterJson(letter), outcomes }));
    io.out(JSON.stringify({ dryRun: options.dryRun === true, replayed: items, summary: counts(replayed) }, null, 2));
  } else {
    for (const line of textOf(replayed, options.dryRun === true)) io.out(line);
    if (signal.aborted) io.out('interrupted: what is listed was sent, the rest is where it was');
  }
  return bad && options.dryRun !== true ? 1 : 0;
}

/** What a replay would do, with nothing sent. */
async function foreseen(system: RunningSystem, filter: DeadLetterFilter, limit: number): Promise<readonly Replayed[]> {
  const { found } = await listDeadLetters(system, filter, { limit });
  const results: Replayed[] = [];
  for (const letter of found) {
    const { outlooks, unknown } = await showDeadLetter(system, letter, { reveal: false });
    const outcomes = Object.fromEntries(outlooks.map(({ consumer, verdict }) => [consumer, verdict]));
    const none = unknown === undefined ? 'dead: nobody takes it' : `unknown: ${unknown}`;
    results.push({ letter, outcomes: outlooks.length === 0 ? { [letter.service]: none } : outcomes });
  }
  return results;
}

/** Words that mean: done with. */
function settled(word: string): boolean {
  return ['applied', 'reapplied', 'gap', 'stale', 'duplicate', 'filtered', 'skipped', 'parked', 'taken'].includes(word);
}

function textOf(replayed: readonly Replayed[], dryRun: boolean): readonly string[] {
  if (replayed.length === 0) return ['no dead letter matches, nothing was sent'];
  const rows = replayed.flatMap(({ letter, outcomes }) =>
    Object.entries(outcomes).map(([consumer, word]) => [
      oneLine(letter.id, 40),
      letter.queue.name,
      consumer,
      sentence(word),
    ]),
  );
  const summary = Object.entries(counts(replayed)).map(([word, count]) => `${count} ${word}`);
  return [
    ...table(['id', 'queue', 'consumer', dryRun ? 'would be' : 'outcome'], rows),
    '',
    `${dryRun ? 'dry run, nothing was sent: ' : ''}${summary.join(', ')}`,
  ];
}

function sentence(word: string): string {
  if (word === 'nobody consumes') return 'queued, nobody consumes: start the service';
  if (word === 'queued') return 'queued, not taken yet';
  if (word === 'taken') return 'taken; its service reports no outcome';
  if (word === 'handle') return 'handled again';
  if (word.startsWith('dead: ')) return `failed again: ${oneLine(word.slice(6), 200)}`;
  if (word.startsWith('failed: ')) return `being tried again after: ${oneLine(word.slice(8), 200)}`;
  return oneLine(word, 200);
}

/** By the first word of each outcome. */
function counts(replayed: readonly Replayed[]): Readonly<Record<string, number>> {
  const found = new Map<string, number>();
  const names: Readonly<Record<string, string>> = {
    dead: 'failed again',
    failed: 'being tried again',
    handle: 'handled again',
  };
  for (const { outcomes } of replayed) {
    for (const word of Object.values(outcomes)) {
      const [kind = ''] = word.split(':');
      const name = names[kind] ?? kind;
      found.set(name, (found.get(name) ?? 0) + 1);
    }
  }
  return Object.fromEntries(found);
}
