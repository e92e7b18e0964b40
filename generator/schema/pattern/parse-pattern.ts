import { classEscape } from './class-escape.js';
import { type CodePoints, codePoints, complement, EVERY_CODE_POINT, union } from './code-points.js';
import type { Expression } from './expression.js';

const DEPTH_MAX = 200;
/** Each property costs a walk over all code points once; ordinary patterns use one or two. */
const PROPERTIES_MAX = 12;

/**
 * Reads an ECMAScript pattern as `new RegExp(pattern, 'u')` does. Undefined when that would throw,
 * and for what no finite automaton can do or nobody writes: back references, look-behind, inline flags.
 */
export function parsePattern(pattern: string): Expression | undefined {
  try {
    new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
  const reader = new Reader(pattern);
  const read = reader.choice(0);
  return reader.isBeyond || !reader.atEnd() ? undefined : read;
}

const EMPTY: Expression = { kind: 'sequence', parts: [] };
const LINE_ENDS: CodePoints = codePoints([
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]);
const CONTROLS: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, f: 0x0c, v: 0x0b, '0': 0 };

/** Reads from left to right. The engine has accepted the pattern, so only what is beyond us needs to be looked for. */
class Reader {
  isBeyond = false;
  private at = 0;
  private properties = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  atEnd(): boolean {
    return this.at >= this.text.length;
  }

  choice(depth: number): Expression {
    if (depth > DEPTH_MAX) return this.beyond();
    const branches = [this.sequence(depth)];
    while (this.skip('|')) branches.push(this.sequence(depth));
    const [only] = branches;
    return only && branches.length === 1 ? only : { kind: 'choice', branches };
  }

  private sequence(depth: number): Expression {
    const parts: Expression[] = [];
    while (!this.isBeyond && !this.atEnd() && this.peek() !== '|' && this.peek() !== ')')
      parts.push(this.quantified(this.term(depth)));
    const [only] = parts;
    return only && parts.length === 1 ? only : { kind: 'sequence', parts };
  }

  private quantified(body: Expression): Expression {
    const written = this.match(/(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)/y);
    if (!written) return body;
    const lazy = written[5] === '?';
    if (written[1] !== undefined)
      return { kind: 'repeat', body, min: written[1] === '+' ? 1 : 0, max: written[1] === '?' ? 1 : Infinity, lazy };
    const min = Number(written[2]);
    const max = written[3] === '' ? min : written[4] === '' ? Infinity : Number(written[4]);
    return { kind: 'repeat', body, min, max, lazy };
  }

  private term(depth: number): Expression {
    if (this.skip('(')) return this.group(depth + 1);
    if (this.skip('[')) return { kind: 'chars', set: this.classSet() };
    if (this.skip('^')) return { kind: 'start' };
    if (this.skip('$')) return { kind: 'end' };
    if (this.skip('.')) return { kind: 'chars', set: complement(LINE_ENDS) };
    if (!this.skip('\\')) return one(this.takePoint());
    const next = this.peek();
    if (next === 'b' || next === 'B') {
      this.at++;
      return { kind: 'boundary', negated: next === 'B' };
    }
    if (/[1-9k]/.test(next)) return this.beyond();
    const member = this.escaped();
    return typeof member === 'number' ? one(member) : { kind: 'chars', set: member };
  }

  private group(depth: number): Expression {
    let wrap = (body: Expression): Expression => body;
    if (this.skip('?')) {
      const opening = this.match(/[:=!]|<[^=!][^>]*>/y)?.[0];
      if (opening === undefined) return this.beyond();
      if (opening === '=' || opening === '!') wrap = (body) => ({ kind: 'lookahead', body, negated: opening === '!' });
    }
    const body = this.choice(depth);
    this.skip(')');
    return wrap(body);
  }

  private classSet(): CodePoints {
    const negated = this.skip('^');
    const members: CodePoints[] = [];
    const ranges: (readonly [number, number])[] = [];
    while (!this.isBeyond && !this.skip(']')) {
      const first = this.classMember();
      if (typeof first !== 'number') {
        members.push(first);
        continue;
      }
      const isRange = this.peek() === '-' && this.text.charAt(this.at + 1) !== ']';
      if (isRange) this.at++;
      const last = isRange ? this.classMember() : first;
      ranges.push([first, typeof last === 'number' ? last : first]);
    }
    const set = union([...members, codePoints(ranges)]);
    return negated ? complement(set) : set;
  }

  private classMember(): number | CodePoints {
    if (!this.skip('\\')) return this.takePoint();
    if (this.skip('b')) return 0x08;
    return this.escaped();
  }

  /** What stands after a backslash, in a class or outside: one code point, or the set that it names. */
  private escaped(): number | CodePoints {
    const char = this.take();
    if (/[dDsSwW]/.test(char)) return classEscape(`\\${char}`);
    if (char === 'p' || char === 'P') return this.property(char);
    if (char === 'c') return this.take().charCodeAt(0) % 32;
    if (char === 'x') return this.hexadecimal(2);
    if (char === 'u') return this.unicode();
    return CONTROLS[char] ?? char.charCodeAt(0);
  }

  private property(letter: string): CodePoints {
    const braces = this.match(/\{[^}]*\}/y)?.[0] ?? '';
    if (++this.properties > PROPERTIES_MAX) this.beyond();
    return this.isBeyond ? [] : classEscape(`\\${letter}${braces}`);
  }

  private unicode(): number {
    if (this.skip('{')) {
      const end = this.text.indexOf('}', this.at);
      return this.hexadecimal(end - this.at, 1);
    }
    const unit = this.hexadecimal(4);
    // Two escapes that form a pair are one character.
    const trail = unit >= 0xd800 && unit <= 0xdbff ? this.match(/\\u([dD][c-fC-F][\da-fA-F]{2})/y) : null;
    if (!trail) return unit;
    return (unit - 0xd800) * 0x400 + Number.parseInt(trail[1] ?? '', 16) - 0xdc00 + 0x1_0000;
  }

  private hexadecimal(digits: number, closing = 0): number {
    const written = this.text.slice(this.at, this.at + digits);
    this.at += digits + closing;
    return Number.parseInt(written, 16);
  }

  private beyond(): Expression {
    this.isBeyond = true;
    return EMPTY;
  }

  private peek(): string {
    return this.text.charAt(this.at);
  }

  private take(): string {
    return this.text.charAt(this.at++);
  }

  private takePoint(): number {
    const point = this.text.codePointAt(this.at) ?? 0;
    this.at += point > 0xffff ? 2 : 1;
    return point;
  }

  /** What a sticky expression finds here, which is then behind us. */
  private match(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text);
    if (found) this.at += found[0].length;
    return found;
  }

  private skip(char: string): boolean {
    if (this.peek() !== char) return false;
    this.at++;
    return true;
  }
}

function one(point: number): Expression {
  return { kind: 'chars', set: [point, point] };
}

export const ANY_CHARACTER: Expression = { kind: 'chars', set: EVERY_CODE_POINT };
