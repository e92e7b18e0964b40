import { type Alphabet, alphabetOf } from './alphabet.js';
import { WORD } from './class-escape.js';
import { LAST_CODE_POINT } from './code-points.js';
import type { Expression } from './expression.js';
import { ALWAYS, Machine, NEVER, type State, TooCostly } from './machine.js';
import { matchesInsidePair } from './matches-inside-pair.js';
import { matchesWithin } from './matches-within.js';
import { mergeCharacters } from './merge-characters.js';
import { parsePattern } from './parse-pattern.js';
import { Program } from './program.js';
import { type Sought, splitByLength } from './sought.js';

/** Which text is asked for. Patterns have the meaning of `pattern` in JSON Schema: found anywhere, flag `u`. Lengths in code points, both included. */
export interface WordQuestion {
  readonly inside: readonly string[];
  readonly notIn: readonly string[];
  readonly min?: number;
  readonly max?: number;
}

/** Elementary steps; a tenth of a second or so. */
const BUDGET = 400_000;
const READABLE_BUDGET = 50_000;

/**
 * A shortest text that matches all of `inside`, none of `notIn`, with a length in bounds; of these a readable one. `null`: there is none.
 * Undefined: cannot tell, because a pattern is not regular (back reference, look-behind) or the answer costs too much. Every text was confirmed by the engine's own RegExp.
 */
export function wordIn(question: WordQuestion): string | null | undefined {
  return search(question);
}

function search({ inside, notIn, min = 0, max = Infinity }: WordQuestion): string | null | undefined {
  // Patterns that are not regular are left out: that there is no text then still holds, and a text is confirmed with all of them.
  const parsed = (patterns: readonly string[]) => [...new Set(patterns)].flatMap(readPattern);
  const cases = splitByLength({ inside: parsed(inside), notIn: parsed(notIn), min, max });
  const words = cases.map(wordOf);
  const known = words.filter((word) => word !== null && word !== undefined);
  const [word] = known.sort((a, b) => a.length - b.length);
  if (word === undefined) return words.includes(undefined) ? undefined : null;
  const isConfirmed =
    inside.every((pattern) => matchesWithin(pattern, word) === true) &&
    notIn.every((pattern) => matchesWithin(pattern, word) === false);
  return isConfirmed ? word : undefined;
}

function readPattern(pattern: string): readonly Expression[] {
  const expression = parsePattern(pattern);
  return expression ? [mergeCharacters(expression)] : [];
}

/** A shortest text, one of readable characters where a little search finds it. */
function wordOf(sought: Sought): string | null | undefined {
  const product = productOf(sought);
  if (!product) return undefined;
  const found = within(() => shortest(product, sought, BUDGET, () => true));
  if (!found) return found;
  const { isReadable } = product.alphabet;
  const isFine = found.every((kind) => isReadable[kind]);
  const readable = isFine
    ? undefined
    : within(() => shortest(product, sought, READABLE_BUDGET, (kind) => isReadable[kind] === true));
  return textOf(readable ?? found, product.alphabet);
}

/** The answer, or undefined when it costs too much. */
function within<T>(answer: () => T): T | undefined {
  try {
    return answer();
  } catch (error) {
    if (error instanceof TooCostly) return undefined;
    throw error;
  }
}

function textOf(kinds: readonly number[], alphabet: Alphabet): string {
  return kinds.map((kind) => alphabet.characters[kind]).join('');
}

/** One machine for all patterns of a question. */
interface Product {
  readonly machine: Machine;
  readonly alphabet: Alphabet;
  readonly inside: readonly State[];
  readonly notIn: readonly State[];
}

const TWO_UNITS: Expression = { kind: 'chars', set: [0x1_0000, LAST_CODE_POINT] };

/** Undefined when an expression is too long. */
function productOf({ inside, notIn }: Sought): Product | undefined {
  const program = new Program();
  const starts = [
    // What an engine may find although it should not: then it neither counts as no text, nor as excluded.
    inside.map((each) =>
      program.addSearch(matchesInsidePair(each) ? { kind: 'choice', branches: [each, TWO_UNITS] } : each),
    ),
    notIn.map((each) => program.addSearch(each)),
  ];
  const wordAhead = program.hasBoundaries ? program.addHere({ kind: 'chars', set: WORD }) : undefined;
  if (starts.flat().includes(undefined)) return undefined;
  const { sets } = program;
  if (sets.length * sets.reduce((sum, set) => sum + set.length, 0) > BUDGET * 10) return undefined;
  const alphabet = alphabetOf(sets);
  const machine = new Machine(program.instructions, alphabet, {
    budget: BUDGET,
    ...(wordAhead === undefined ? {} : { word: program.intern(WORD), wordAhead }),
  });
  const begun = within(() => starts.map((each) => each.flatMap((at) => (at === undefined ? [] : machine.begin(at)))));
  return begun && { machine, alphabet, inside: begun[0] ?? [], notIn: begun[1] ?? [] };
}

/** A place of the search: the states of all patterns after `length` characters, and how it was reached. */
interface Place {
  readonly inside: readonly State[];
  readonly notIn: readonly State[];
  readonly length: number;
  readonly kind: number;
  readonly from: Place | undefined;
}

/** Breadth first over the product of all patterns, so that the first text found is a shortest. Null when there is none. */
function shortest(
  { machine, alphabet, inside, notIn }: Product,
  { min, max }: Sought,
  budget: number,
  mayUse: (kind: number) => boolean,
): readonly number[] | null {
  let left = budget;
  const kinds = alphabet.characters.flatMap((_, kind) => (mayUse(kind) ? [kind] : []));
  const seen = new Set<string>();
  const open: Place[] = [];
  const visit = (place: Place) => {
    if (place.inside.includes(NEVER) || place.notIn.includes(ALWAYS) || place.length > max) return;
    // Beyond `min` a longer way to the same states is never better; before it, how far it is matters.
    const key = `${place.inside.join(' ')}|${place.notIn.join(' ')}|${Math.min(place.length, min)}`;
    if (seen.has(key)) return;
    seen.add(key);
    open.push(place);
  };
  visit({ inside, notIn, length: 0, kind: 0, from: undefined });
  for (const place of open) {
    if (
      place.length >= min &&
      place.inside.every((each) => machine.accepts(each)) &&
      !place.notIn.some((each) => machine.accepts(each))
    )
      return wayTo(place);
    if (place.length >= max) continue;
    left -= kinds.length;
    if (left < 0) throw new TooCostly('the patterns have too many states together');
    for (const kind of kinds)
      visit({
        inside: place.inside.map((state) => machine.step(state, kind)),
        notIn: place.notIn.map((state) => machine.step(state, kind)),
        length: place.length + 1,
        kind,
        from: place,
      });
  }
  return null;
}

function wayTo(place: Place): readonly number[] {
  const kinds: number[] = [];
  for (let each = place; each.from; each = each.from) kinds.push(each.kind);
  return kinds.reverse();
}
