import { WORD } from './class-escape.js';
import { includes } from './code-points.js';
import { parsePattern } from './parse-pattern.js';
import { type Instruction, Program } from './program.js';

const STEPS_MAX = 100_000;

/**
 * What `new RegExp(pattern, 'u').test(text)` says, asked only after a walk along the same ways has shown that the engine needs few steps.
 * Undefined when it would need many (patterns of contracts may take the engine longer than the universe lasts), or when that cannot be told.
 */
export function matchesWithin(pattern: string, text: string): boolean | undefined {
  const known = prepared.get(pattern) ?? prepare(pattern);
  if (known.start === undefined) return undefined;
  const found = new Walk(known.program, text).search(known.start);
  return found === undefined ? undefined : known.engine.test(text);
}

interface Prepared {
  readonly program: Program;
  /** Undefined when the pattern is not regular or too long. */
  readonly start: number | undefined;
  readonly engine: RegExp;
}

const prepared = new Map<string, Prepared>();
const PREPARED_MAX = 200;

function prepare(pattern: string): Prepared {
  const expression = parsePattern(pattern);
  const program = new Program();
  const start = expression && program.addHere(expression);
  const made = { program, start, engine: start === undefined ? /(?!)/ : new RegExp(pattern, 'u') };
  if (prepared.size >= PREPARED_MAX) prepared.clear();
  prepared.set(pattern, made);
  return made;
}

/** The loops around a place, with where their present round began. */
interface Rounds {
  readonly loop: number;
  readonly began: number;
  readonly outer: Rounds | undefined;
}

/** Tries what a backtracking engine tries, in the same order. */
class Walk {
  private readonly program: Program;
  private readonly points: readonly number[];
  private steps = 0;

  constructor(program: Program, text: string) {
    this.program = program;
    this.points = [...text].map((char) => char.codePointAt(0) ?? 0);
  }

  /** Whether it is found anywhere; undefined when that takes too long. */
  search(start: number): boolean | undefined {
    for (let position = 0; position <= this.points.length; position++) {
      const found = this.from(start, position);
      if (found !== false) return found;
    }
    return false;
  }

  private from(start: number, position: number): boolean | undefined {
    const open: { at: number; position: number; rounds: Rounds | undefined }[] = [
      { at: start, position, rounds: undefined },
    ];
    for (let place = open.pop(); place; place = open.pop()) {
      if (++this.steps > STEPS_MAX) return undefined;
      const { at, position, rounds } = place;
      const instruction = this.program.instructions[at];
      if (!instruction || instruction.op === 'match') return true;
      if (instruction.op === 'split')
        for (const to of instruction.to.toReversed()) open.push({ at: to, position, rounds });
      else if (instruction.op === 'loop') {
        const own = rounds?.loop === at ? rounds : undefined;
        if (own?.began === position) continue;
        const outer = own ? own.outer : rounds;
        const exit = { at: instruction.exit, position, rounds: outer };
        const body = { at: instruction.body, position, rounds: { loop: at, began: position, outer } };
        open.push(...(instruction.lazy ? [body, exit] : [exit, body]));
      } else if (instruction.op === 'chars') {
        const point = this.points[position];
        if (point !== undefined && includes(instruction.set, point))
          open.push({ at: instruction.next, position: position + 1, rounds });
      } else {
        const holds = this.holds(instruction, position);
        if (holds === undefined) return undefined;
        if (holds) open.push({ at: instruction.next, position, rounds });
      }
    }
    return false;
  }

  private holds(
    instruction: Instruction & { readonly op: 'look' | 'boundary' | 'start' | 'end' },
    position: number,
  ): boolean | undefined {
    switch (instruction.op) {
      case 'start':
        return position === 0;
      case 'end':
        return position === this.points.length;
      case 'boundary':
        return (this.isWord(position - 1) !== this.isWord(position)) !== instruction.negated;
      case 'look': {
        const found = this.from(instruction.body, position);
        return found === undefined ? undefined : found !== instruction.negated;
      }
    }
  }

  private isWord(position: number): boolean {
    const point = this.points[position];
    return point !== undefined && includes(WORD, point);
  }
}
