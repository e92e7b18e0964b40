import type { RandomStream } from './random.js';

/**
 * A text that a regular expression of the usual kind matches: literals, classes, groups, alternatives, quantifiers, anchors at the ends.
 * Undefined for look-around, back references and other things that cannot simply be written out. Repeats at most four times more than it must.
 */
export function textOfPattern(random: RandomStream, pattern: string): string | undefined {
  try {
    const reader = new Reader(pattern, random);
    const text = reader.alternatives();
    return reader.atEnd() ? text : undefined;
  } catch (error) {
    if (error instanceof Beyond) return undefined;
    throw error;
  }
}

class Beyond extends Error {}

const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ORDINARY = `${LETTERS}${DIGITS} -_.,:;!@/`;
const CLASSES: Readonly<Record<string, string>> = { d: DIGITS, w: `${LETTERS}${DIGITS}_`, s: ' ' };

/** Reads the pattern once from left to right and writes a matching text while it goes. */
class Reader {
  private at = 0;
  private readonly pattern: string;
  private readonly random: RandomStream;

  constructor(pattern: string, random: RandomStream) {
    this.pattern = pattern;
    this.random = random;
  }

  atEnd(): boolean {
    return this.at >= this.pattern.length;
  }

  alternatives(): string {
    const texts = [this.sequence()];
    while (this.peek() === '|') {
      this.at++;
      texts.push(this.sequence());
    }
    return this.random.pick(texts) ?? '';
  }

  private sequence(): string {
    let text = '';
    while (!this.atEnd() && this.peek() !== '|' && this.peek() !== ')') {
      const start = this.at;
      const once = this.atom();
      const end = this.at;
      const times = this.times();
      if (times > 0) text += once;
      for (let time = 1; time < times; time++) {
        // Every repetition may differ, so the atom is read again.
        const after = this.at;
        this.at = start;
        text += this.atom();
        if (this.at !== end) throw new Beyond();
        this.at = after;
      }
    }
    return text;
  }

  private atom(): string {
    const char = this.take();
    if (char === '^' || char === '$') return '';
    if (char === '.') return this.oneOf(ORDINARY);
    if (char === '[') return this.oneOf(this.classMembers());
    if (char === '(') return this.group();
    if (char === '\\') return this.escaped();
    return char;
  }

  private group(): string {
    if (this.peek() === '?') {
      const named = /^\?(:|<[A-Za-z_]\w*>)/.exec(this.pattern.slice(this.at));
      if (!named) throw new Beyond();
      this.at += named[0].length;
    }
    const text = this.alternatives();
    if (this.take() !== ')') throw new Beyond();
    return text;
  }

  private escaped(): string {
    const char = this.take();
    const members = CLASSES[char];
    if (members !== undefined) return this.oneOf(members);
    if (char === 'p' && this.pattern.startsWith('{', this.at)) {
      const property = /^\{(\w+)\}/.exec(this.pattern.slice(this.at));
      if (!property) throw new Beyond();
      this.at += property[0].length;
      return this.oneOf(property[1]?.startsWith('N') ? DIGITS : LETTERS);
    }
    if (char === 'b' || char === 'B' || /[1-9kDWSPux]/.test(char)) throw new Beyond();
    return { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v' }[char] ?? char;
  }

  private classMembers(): string {
    const negated = this.peek() === '^';
    if (negated) this.at++;
    let members = '';
    while (this.peek() !== ']') {
      let char = this.take();
      if (char === '\\') {
        const inner = this.take();
        const known = CLASSES[inner];
        if (known !== undefined) {
          members += known;
          continue;
        }
        if (/[DWSPpux]/.test(inner)) throw new Beyond();
        char = { n: '\n', r: '\r', t: '\t' }[inner] ?? inner;
      }
      const range = this.peek() === '-' && this.pattern.charAt(this.at + 1) !== ']';
      if (!range) {
        members += char;
        continue;
      }
      this.at++;
      const last = this.take() === '\\' ? this.take() : this.pattern.charAt(this.at - 1);
      const [from, to] = [char.charCodeAt(0), last.charCodeAt(0)];
      for (let code = from; code <= Math.min(to, from + 200); code++) members += String.fromCharCode(code);
    }
    this.at++;
    return negated ? [...ORDINARY].filter((char) => !members.includes(char)).join('') : members;
  }

  private times(): number {
    const [min, max] = this.bounds();
    if (this.peek() === '?') this.at++;
    return this.random.between(min, max);
  }

  private bounds(): readonly [number, number] {
    const char = this.peek();
    if (char === '?' || char === '*' || char === '+') {
      this.at++;
      return char === '?' ? [0, 1] : char === '*' ? [0, 4] : [1, 5];
    }
    const braces = /^\{(\d+)(,(\d*))?\}/.exec(this.pattern.slice(this.at));
    if (!braces) return [1, 1];
    this.at += braces[0].length;
    const min = Number(braces[1]);
    const max = braces[2] === undefined ? min : braces[3] === '' ? min + 4 : Number(braces[3]);
    return [min, Math.min(max, min + 4)];
  }

  private oneOf(members: string): string {
    if (members === '') throw new Beyond();
    return this.random.pick([...members]) ?? '';
  }

  private peek(): string {
    return this.pattern.charAt(this.at);
  }

  private take(): string {
    const char = this.pattern.charAt(this.at++);
    if (char === '') throw new Beyond();
    return char;
  }
}
