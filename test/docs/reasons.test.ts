import { describe, expect, it } from 'vitest';
import { readPage } from './pages.js';

/** What arrives: its time, what tells messages of one time apart, and the value that the copy should have then; null deletes. */
interface Arrival {
  readonly time: number;
  readonly id: string;
  readonly value: string | null;
}

/** A row; one whose value is null is a tombstone. */
type Row = Arrival | undefined;
type Apply = (row: Row, message: Arrival) => Row;

const row = (message: Arrival): Row => (message.value === null ? undefined : message);
const notOlder = (before: Row, message: Arrival): boolean => before === undefined || before.time <= message.time;

/** The columns of the table, from left to right. */
const rules: readonly Apply[] = [
  (_, message) => row(message),
  (before, message) => (message.value === null || notOlder(before, message) ? row(message) : before),
  (before, message) => (notOlder(before, message) ? row(message) : before),
  (before, message) => (notOlder(before, message) ? message : before),
  (before, message) => (isNewer(before, message) ? message : before),
];

function isNewer(before: Row, message: Arrival): boolean {
  if (before === undefined || before.time < message.time) return true;
  return before.time === message.time && before.id < message.id;
}

/** `C1 U2 D3`, and what stands behind the comma. */
function historyOf(text: string): readonly Arrival[] {
  const messages = text
    .replace(/,.*/, '')
    .split(' ')
    .map((word, index) => ({
      time: Number(word.slice(1)),
      id: `m${index}`,
      value: word.startsWith('D') ? null : `${word} ${index}`,
    }));
  const twice = /, (\w+) seen twice/.exec(text)?.[1];
  return [...messages, ...messages.filter(({ value }) => twice !== undefined && value?.startsWith(twice))];
}

/** Every order of the messages, each once: two of the same are not told apart. */
function ordersOf(messages: readonly Arrival[]): readonly (readonly Arrival[])[] {
  if (messages.length === 0) return [[]];
  return [...new Set(messages)].flatMap((first) => {
    const at = messages.indexOf(first);
    return ordersOf(messages.toSpliced(at, 1)).map((rest) => [first, ...rest]);
  });
}

function valueAfter(rule: Apply, order: readonly Arrival[]): string | null {
  return order.reduce<Row>(rule, undefined)?.value ?? null;
}

describe('the table of orders in docs/reasons.md', () => {
  const lines = readPage('docs/reasons.md').text.match(/^\| C1 .*\|$/gm) ?? [];

  it('has its five histories', () => expect(lines).toHaveLength(5));

  it.each(lines)('%s', (line) => {
    const [history = '', ...figures] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const messages = historyOf(history);
    const last = messages.reduce<Row>((newest, message) => (isNewer(newest, message) ? message : newest), undefined);
    const orders = ordersOf(messages);
    const wrong = rules.map(
      (rule) => orders.filter((order) => valueAfter(rule, order) !== (last?.value ?? null)).length,
    );
    expect([orders.length, ...wrong].map(String)).toEqual(figures);
  });
});
