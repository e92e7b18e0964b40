import { type DeadLetterFilter, listDeadLetters } from '../../operate/dead-letters.js';
import { type Outlook, type ShownDeadLetter, showDeadLetter } from '../../operate/show-dead-letter.js';
import type { RunningSystem } from '../../operate/system.js';
import type { CommandInput, ExitCode } from '../command.js';
import { oneLine, table } from '../operate/table.js';
import { letterJson } from './list.js';

/** `dlq show`: everything about a message in the dead letters, at each queue that has it; 1 when none has. */
export async function showCommand(
  { io, options }: CommandInput,
  system: RunningSystem,
  filter: DeadLetterFilter,
): Promise<ExitCode> {
  const { found } = await listDeadLetters(system, filter, { limit: 100 });
  const shown: ShownDeadLetter[] = [];
  for (const letter of found) shown.push(await showDeadLetter(system, letter, { reveal: options.reveal === true }));
  if (options.format === 'json') {
    io.out(
      JSON.stringify(
        { deadLetters: shown.map(({ letter, ...rest }) => ({ ...letterJson(letter), ...rest })) },
        null,
        2,
      ),
    );
    return shown.length === 0 ? 1 : 0;
  }
  if (shown.length === 0) {
    io.out(`no dead letter has the id "${filter.ids?.[0] ?? ''}"; "seamwright dlq list" names those there are`);
    return 1;
  }
  shown.forEach((one, index) => {
    if (index > 0) io.out('');
    for (const line of linesOf(one)) io.out(line);
  });
  return 0;
}

function linesOf(shown: ShownDeadLetter): readonly string[] {
  const { letter, traceId } = shown;
  const instant = (ms: number | undefined): string => (ms === undefined ? '-' : new Date(ms).toISOString());
  const facts = [
    ['queue', letter.queue.name],
    ['message', `${letter.message ?? 'unknown'} ${letter.id}`],
    ...(letter.entityId === undefined ? [] : [['entity', `${letter.entity ?? ''} ${letter.entityId}`.trim()]]),
    ['reason', letter.detail === undefined ? letter.reason : `${letter.reason}: ${letter.detail}`],
    ['consumer', letter.consumers.join(', ') || '-'],
    ['tries', letter.attempts === undefined ? '-' : String(letter.attempts)],
    ['first failed', `${instant(letter.firstFailedAt)}  ${letter.firstError ?? ''}`],
    ['last failed', `${instant(letter.lastFailedAt)}  ${letter.lastError ?? ''}`],
    ...(letter.version === undefined ? [] : [['version', letter.version]]),
    ...(letter.envelope === undefined ? [] : [['correlation', letter.envelope.correlationid]]),
    ['trace', traceId ?? '-'],
  ].map(([name = '', value = '']) => [name, oneLine(value, 300)]);
  const [, ...rows] = table(['', ''], facts);
  return [
    ...rows,
    '',
    'headers',
    ...table(
      ['', ''],
      Object.entries(shown.headers).map(([name, value]) => [`  ${oneLine(name)}`, oneLine(value, 300)]),
    ).slice(1),
    '',
    shown.redacted ? 'body (personal values are left out; --reveal shows them)' : 'body',
    ...JSON.stringify(shown.body, null, 2)
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    'a replay now',
    ...outlookLines(shown),
  ];
}

function outlookLines({ letter, outlooks, unknown }: ShownDeadLetter): readonly string[] {
  if (unknown !== undefined) return [`  nobody can say: ${unknown}`];
  if (letter.envelope === undefined) return [`  would fail again: ${letter.problem ?? 'nobody can read it'}`];
  if (outlooks.length === 0) return ['  would fail again: no consumer of this service takes it'];
  return outlooks.map((outlook) => `  ${outlook.consumer}: ${sentenceFor(outlook)}${hasText(outlook)}`);
}

function sentenceFor({ verdict }: Outlook): string {
  switch (verdict) {
    case 'handle':
      return 'its handler would run again';
    case 'applied':
    case 'reapplied':
    case 'gap':
      return `would be applied (${verdict})`;
    case 'stale':
      return 'would be dropped as stale: something newer is here';
    case 'duplicate':
      return 'would be dropped as a duplicate: it has had its effect';
    case 'filtered':
      return 'would be left out by the contract\'s "when"';
    case 'parked':
      return 'would be parked: what it refers to is not here';
    default:
      return verdict.startsWith('dead: ') ? `would fail again: ${verdict.slice(6)}` : verdict;
  }
}

function hasText({ has, deleted }: Outlook): string {
  if (has === undefined) return '';
  return `; has version ${has}${deleted === true ? ', deleted' : ''}`;
}
