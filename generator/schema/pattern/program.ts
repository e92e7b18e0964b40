import type { CodePoints } from './code-points.js';
import { EVERY_CODE_POINT } from './code-points.js';
import type { Expression } from './expression.js';

/** One step of a matcher; numbers lead to other instructions of the same program. */
export type Instruction =
  | { readonly op: 'chars'; readonly set: CodePoints; readonly next: number }
  /** Tried in this order. */
  | { readonly op: 'split'; readonly to: readonly number[] }
  /** The body leads back here. A round that consumes nothing does not count. */
  | { readonly op: 'loop'; readonly body: number; readonly exit: number; readonly lazy: boolean }
  | { readonly op: 'look'; readonly body: number; readonly negated: boolean; readonly next: number }
  | { readonly op: 'boundary'; readonly negated: boolean; readonly next: number }
  | { readonly op: 'start'; readonly next: number }
  | { readonly op: 'end'; readonly next: number }
  /** Found: whatever follows is free. */
  | { readonly op: 'match' };

/** Counted repeats are written out, so a pattern may become long. */
const INSTRUCTIONS_MAX = 50_000;

/** The instructions of one or several expressions. */
export class Program {
  readonly instructions: Instruction[] = [{ op: 'match' }];
  /** Whether an expression needs to know which characters are part of words. */
  hasBoundaries = false;

  /** The different sets of characters; equal ones are one. */
  get sets(): readonly CodePoints[] {
    return [...this.byContent.values()];
  }

  private readonly byContent = new Map<string, CodePoints>();
  private readonly interned = new Map<CodePoints, CodePoints>();

  /** Where the expression is looked for at any place of a text. Undefined when it is too long. */
  addSearch(expression: Expression): number | undefined {
    const branches = expression.kind === 'choice' ? expression.branches : [expression];
    const anchored = branches.filter(isAnchored).map((branch) => this.add(branch, MATCH));
    const free = branches.filter((branch) => !isAnchored(branch)).map((branch) => this.add(branch, MATCH));
    if (free.length > 0) {
      const loop = this.reserve();
      const skip = this.push({ op: 'chars', set: this.intern(EVERY_CODE_POINT), next: loop });
      this.instructions[loop] = { op: 'split', to: [...free, skip] };
      anchored.push(loop);
    }
    const start = this.push({ op: 'split', to: anchored });
    return this.isFull ? undefined : start;
  }

  /** Where the expression is looked for at the place where a matcher stands. */
  addHere(expression: Expression): number | undefined {
    const start = this.add(expression, MATCH);
    return this.isFull ? undefined : start;
  }

  private get isFull(): boolean {
    return this.instructions.length > INSTRUCTIONS_MAX;
  }

  private add(expression: Expression, next: number): number {
    if (this.isFull) return next;
    switch (expression.kind) {
      case 'chars':
        return this.push({ op: 'chars', set: this.intern(expression.set), next });
      case 'sequence':
        return expression.parts.reduceRight((after, part) => this.add(part, after), next);
      case 'choice':
        return this.push({ op: 'split', to: expression.branches.map((each) => this.add(each, next)) });
      case 'lookahead':
        return this.push({
          op: 'look',
          body: this.add(expression.body, MATCH),
          negated: expression.negated,
          next,
        });
      case 'boundary':
        this.hasBoundaries = true;
        return this.push({ op: 'boundary', negated: expression.negated, next });
      case 'start':
      case 'end':
        return this.push({ op: expression.kind, next });
      case 'repeat':
        return this.addRepeat(expression, next);
    }
  }

  private addRepeat({ body, min, max, lazy }: Expression & { kind: 'repeat' }, next: number): number {
    let start = next;
    if (max === Infinity) {
      start = this.reserve();
      this.instructions[start] = { op: 'loop', body: this.add(body, start), exit: next, lazy };
    } else {
      // x{0,3} as (x(x(x)?)?)?: a text then stands at one place of it, not at three.
      for (let time = min; time < max && !this.isFull; time++) {
        const inner = this.add(body, start);
        start = this.push({ op: 'split', to: lazy ? [next, inner] : [inner, next] });
      }
    }
    for (let time = 0; time < min && !this.isFull; time++) start = this.add(body, start);
    return start;
  }

  /** The set that stands for all sets with these members. */
  intern(set: CodePoints): CodePoints {
    const before = this.interned.get(set);
    if (before) return before;
    const key = set.join(' ');
    const equal = this.byContent.get(key) ?? set;
    this.byContent.set(key, equal);
    this.interned.set(set, equal);
    return equal;
  }

  private reserve(): number {
    return this.push({ op: 'match' });
  }

  private push(instruction: Instruction): number {
    this.instructions.push(instruction);
    return this.instructions.length - 1;
  }
}

/** The instruction that every program ends at. */
const MATCH = 0;

/** Whether it can only match where the text begins. */
function isAnchored(expression: Expression): boolean {
  switch (expression.kind) {
    case 'start':
      return true;
    case 'sequence':
      for (const part of expression.parts) {
        if (isAnchored(part)) return true;
        if (part.kind !== 'lookahead' && part.kind !== 'boundary') return false;
      }
      return false;
    case 'choice':
      return expression.branches.every(isAnchored);
    case 'repeat':
      return expression.min > 0 && isAnchored(expression.body);
    default:
      return false;
  }
}
