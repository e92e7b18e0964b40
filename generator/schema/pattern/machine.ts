import type { Alphabet } from './alphabet.js';
import type { CodePoints } from './code-points.js';
import type { Instruction } from './program.js';

/**
 * The state of one search after some characters, by number: which places of the program the text may stand at, and what each place still owes to look-ahead.
 * Equal states have equal numbers.
 */
export type State = number;

/** No continuation matches. */
export const NEVER: State = 0;
/** Every continuation matches. */
export const ALWAYS: State = 1;
/** Only the end of the text matches; what `$` owes. */
const AT_END: State = 2;

/** Thrown when a question costs more than its budget. */
export class TooCostly extends Error {}

/** A place of the program, reached under obligations (by number); it stands at `chars` or at `match`. */
interface Thread {
  readonly at: number;
  readonly owes: number;
}

/** An obligation: this state has to match what is left of the text, or must not. */
interface Obligation {
  readonly state: State;
  readonly negated: boolean;
}

/** What lies before the place where a matcher stands. */
interface Before {
  readonly isStart: boolean;
  readonly isWord: boolean;
}

/** Reads texts character class by character class; states are made when they are first met and kept. */
export class Machine {
  private readonly instructions: readonly Instruction[];
  private readonly members: Alphabet['members'];
  private readonly isWord: readonly boolean[];
  private readonly classCount: number;
  private readonly states: (readonly Thread[])[] = [];
  private readonly byThreads = new Map<string, State>();
  private readonly steps: (State | undefined)[][] = [];
  private readonly owed: (readonly Obligation[])[] = [[]];
  private readonly byObligations = new Map<string, number>([['', 0]]);
  private budget: number;
  private readonly wordAhead: number | undefined;

  /** `word`, `wordAhead`: what words consist of and where such a character is looked for; needed when the program has boundaries. `budget` in elementary steps. */
  constructor(
    instructions: readonly Instruction[],
    alphabet: Alphabet,
    options: { readonly budget: number; readonly word?: CodePoints; readonly wordAhead?: number },
  ) {
    this.instructions = instructions;
    this.members = alphabet.members;
    this.classCount = alphabet.characters.length;
    this.isWord = (options.word && alphabet.members.get(options.word)) || [];
    this.wordAhead = options.wordAhead;
    this.budget = options.budget;
    for (const key of ['never', 'always', 'end']) {
      this.states.push([]);
      this.steps.push([]);
      this.byThreads.set(key, this.states.length - 1);
    }
  }

  /** The state before the first character, for the expression that starts at this instruction. */
  begin(at: number): State {
    return this.settled([{ at, owes: 0 }], { isStart: true, isWord: false });
  }

  /** The state after one character of a class. */
  step(state: State, kind: number): State {
    if (state === NEVER || state === ALWAYS) return state;
    if (state === AT_END) return NEVER;
    const steps = this.steps[state] ?? [];
    const known = steps[kind];
    if (known !== undefined) return known;
    const after = this.stepped(this.states[state] ?? [], kind);
    steps[kind] = after;
    return after;
  }

  /** Whether the text may end here. */
  accepts(state: State): boolean {
    if (state === ALWAYS || state === AT_END) return true;
    return (this.states[state] ?? []).some(
      ({ at, owes }) =>
        this.instructions[at]?.op === 'match' &&
        (this.owed[owes] ?? []).every((each) => this.accepts(each.state) !== each.negated),
    );
  }

  /** Takes from the budget. */
  pay(steps: number): void {
    this.budget -= steps;
    if (this.budget < 0) throw new TooCostly('a pattern needs too many steps');
  }

  private stepped(threads: readonly Thread[], kind: number): State {
    const next: Thread[] = [];
    this.pay(threads.length);
    for (const { at, owes } of threads) {
      const instruction = this.instructions[at];
      const isMatch = instruction?.op === 'match';
      if (!isMatch && !(instruction?.op === 'chars' && this.members.get(instruction.set)?.[kind])) continue;
      const still = this.stillOwed(owes, kind);
      if (still === undefined) continue;
      next.push({ at: isMatch ? at : instruction.next, owes: still });
    }
    return this.settled(next, { isStart: false, isWord: this.isWord[kind] ?? false });
  }

  /** The obligations after a character; undefined when one can no longer be met. */
  private stillOwed(owes: number, kind: number): number | undefined {
    if (owes === 0) return 0;
    let still = 0;
    for (const { state, negated } of this.owed[owes] ?? []) {
      const more = this.owing(still, { state: this.step(state, kind), negated });
      if (more === undefined) return undefined;
      still = more;
    }
    return still;
  }

  /** Obligations with one more; undefined when that can never be met. */
  private owing(owes: number, more: Obligation): number | undefined {
    if (more.state === ALWAYS || more.state === NEVER)
      return (more.state === ALWAYS) === more.negated ? undefined : owes;
    const before = this.owed[owes] ?? [];
    if (before.some(({ state, negated }) => state === more.state && negated !== more.negated)) return undefined;
    if (before.some(({ state }) => state === more.state)) return owes;
    this.pay(before.length);
    const all = [...before, more].sort((a, b) => a.state - b.state);
    const key = all.map(({ state, negated }) => (negated ? -state : state)).join(' ');
    const known = this.byObligations.get(key);
    if (known !== undefined) return known;
    this.owed.push(all);
    this.byObligations.set(key, this.owed.length - 1);
    return this.owed.length - 1;
  }

  /** Follows everything that consumes no character, and gives the state of what is then reached. */
  private settled(threads: readonly Thread[], before: Before): State {
    const reached = new Map<number, Thread>();
    const seen = new Set<number>();
    const open = [...threads].reverse();
    const size = this.instructions.length;
    for (let thread = open.pop(); thread; thread = open.pop()) {
      const { at, owes } = thread;
      const key = owes * size + at;
      if (seen.has(key)) continue;
      seen.add(key);
      this.pay(1);
      const instruction = this.instructions[at];
      if (instruction?.op === 'match' && owes === 0) return ALWAYS;
      if (instruction?.op === 'match' || instruction?.op === 'chars') reached.set(key, thread);
      else if (instruction?.op === 'split') for (const to of instruction.to) open.push({ at: to, owes });
      else if (instruction?.op === 'loop')
        for (const to of [instruction.body, instruction.exit]) open.push({ at: to, owes });
      else if (instruction) {
        const still = this.assumed(instruction, owes, before);
        if (still !== undefined) open.push({ at: instruction.next, owes: still });
      }
    }
    return this.stateOf(reached, size);
  }

  /** The obligations behind an instruction that looks around, or undefined when it fails here. */
  private assumed(
    instruction: Instruction & { readonly next: number; readonly op: 'look' | 'boundary' | 'start' | 'end' },
    owes: number,
    before: Before,
  ): number | undefined {
    switch (instruction.op) {
      case 'start':
        return before.isStart ? owes : undefined;
      case 'end':
        return this.owing(owes, { state: AT_END, negated: false });
      case 'look':
        return this.owing(owes, {
          state: this.settled([{ at: instruction.body, owes: 0 }], before),
          negated: instruction.negated,
        });
      case 'boundary':
        return this.owing(owes, {
          state: this.settled([{ at: this.wordAhead ?? 0, owes: 0 }], before),
          negated: before.isWord !== instruction.negated,
        });
    }
  }

  private stateOf(reached: ReadonlyMap<number, Thread>, size: number): State {
    if (reached.size === 0) return NEVER;
    // A place that is reached without obligations makes the same place with some superfluous.
    const keys = [...reached.keys()].filter((key) => key < size || !reached.has(key % size)).sort((a, b) => a - b);
    const key = keys.join(' ');
    const known = this.byThreads.get(key);
    if (known !== undefined) return known;
    this.states.push(keys.flatMap((each) => reached.get(each) ?? []));
    this.steps.push(new Array<State | undefined>(this.classCount));
    this.byThreads.set(key, this.states.length - 1);
    return this.states.length - 1;
  }
}
