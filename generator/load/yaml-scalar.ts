/** Thrown by the reader of plain YAML when it does not know for certain; never leaves parsing. */
export class NotPlain extends Error {}

const NUMBER = /^(?:[-+]?(?:\.\d+|\d+\.?\d*)(?:[eE][-+]?\d+)?|0x[0-9a-fA-F]+|0o[0-7]+)$/;
const SPECIAL = /^[-+]?\.(?:inf|nan)$/i;
const WORDS: Readonly<Record<string, boolean | null>> = {
  null: null,
  Null: null,
  NULL: null,
  '~': null,
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

/**
 * The one-line scalar from `at` to `end`, comment cut off.
 *
 * @returns undefined for values that take more than one line or an escape, which somebody else must read.
 * @throws NotPlain where a scalar cannot or need not begin with this character.
 */
export function scalarOf(text: string, at: number, end: number): { readonly value: unknown } | undefined {
  const first = text[at] ?? '';
  if (first === '"' || first === "'") {
    const close = closingQuote(text, at, end);
    return close >= 0 && isOverAfter(text, close + 1, end) ? { value: text.slice(at + 1, close) } : undefined;
  }
  if ('|>[{'.includes(first)) return undefined;
  if (':?&*!%@`,]}#'.includes(first)) throw new NotPlain();
  const line = text.slice(at, end);
  const comment = line.indexOf(' #');
  const plain = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
  if (plain === '-' || plain.startsWith('- ') || plain.includes(': ') || plain.endsWith(':')) throw new NotPlain();
  return { value: resolvePlain(plain) };
}

/** What an unquoted scalar stands for in the core schema of YAML 1.2. */
export function resolvePlain(plain: string): unknown {
  const first = plain.charCodeAt(0);
  const digitOrSign = (first >= 43 && first <= 57) || first === 46;
  if (!digitOrSign) return Object.hasOwn(WORDS, plain) ? WORDS[plain] : plain;
  if (SPECIAL.test(plain)) throw new NotPlain();
  return NUMBER.test(plain) ? Number(plain) : plain;
}

/** Offset of the quote that closes the one at `start` before `end`; -1 when there is none, or the text holds an escape. */
export function closingQuote(text: string, start: number, end: number): number {
  const quote = text.charCodeAt(start);
  // Not indexOf: it would search on to the end of a large file for a quote that is missing here.
  for (let at = start + 1; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return quote === SINGLE_QUOTE && text.charCodeAt(at + 1) === quote ? -1 : at;
    if (code === BACKSLASH && quote !== SINGLE_QUOTE) return -1;
  }
  return -1;
}

const [SINGLE_QUOTE, BACKSLASH] = [39, 92];

/** Whether nothing but spaces and a comment follows. */
export function isOverAfter(text: string, at: number, end: number): boolean {
  let offset = at;
  while (text.charCodeAt(offset) === 32) offset += 1;
  return offset >= end || (offset > at && text[offset] === '#');
}
