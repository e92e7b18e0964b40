import { comparePositions, type Position } from '../../diagnostics/position.js';
import { canonicalJson } from '../../schema/edges.js';
import type { Change, Noun } from '../change.js';
import type { Pair } from './pairs.js';

/** How one kind of noun is compared. */
export interface NounTable<T> {
  readonly noun: Noun;
  subject(name: string): string;
  features(item: T): readonly string[];
  at(item: T): Position;
  /** Plain values by the name of the setting; a setting that is not there is left out or undefined. */
  settings(item: T): Readonly<Record<string, unknown>>;
  /** Where a setting stands, when that is nearer than the noun. */
  place?(item: T, setting: string): Position | undefined;
}

/** What appeared, what went, what has another name, and which settings differ. */
export function* compareNouns<T>(found: readonly Pair<T>[], table: NounTable<T>): Iterable<Change> {
  for (const pair of found) yield* changesOf(pair, table);
}

function* changesOf<T>(pair: Pair<T>, table: NounTable<T>): Iterable<Change> {
  const { name, before, after, from } = pair;
  const item = after ?? before;
  if (item === undefined) return;
  const { noun } = table;
  const subject = table.subject(name);
  const features = featuresOf(pair, table);
  const at = table.at(item);
  if (before === undefined || after === undefined) {
    const kind = after === undefined ? 'removed' : 'added';
    yield { kind, noun, subject, features, at, facts: table.settings(item) };
    return;
  }
  const moved = placed(table.at(before), at);
  if (from !== undefined) {
    yield { kind: 'renamed', noun, subject, features, ...moved, from, to: name, facts: table.settings(after) };
  }
  const left = table.settings(before);
  const right = table.settings(after);
  for (const setting of settingNames(left, right)) {
    if (isSame(left[setting], right[setting])) continue;
    const places = placed(table.place?.(before, setting) ?? table.at(before), table.place?.(after, setting) ?? at);
    yield { kind: 'set', noun, subject, features, ...places, setting, before: left[setting], after: right[setting] };
  }
}

/** Features that say it now come first: they own what is found. */
export function featuresOf<T>({ before, after }: Pair<T>, table: Pick<NounTable<T>, 'features'>): readonly string[] {
  const names = [after, before].flatMap((item) => (item === undefined ? [] : table.features(item)));
  return [...new Set(names.filter((name) => name !== ''))];
}

/** The newer place, and the older one when it is another. */
export function placed(was: Position, at: Position): { readonly at: Position; readonly was?: Position } {
  return comparePositions(was, at) === 0 ? { at } : { at, was };
}

/** What is not there and what is null are one. */
function isSame(a: unknown = null, b: unknown = null): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && canonicalJson(a) === canonicalJson(b));
}

function settingNames(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): readonly string[] {
  return [...new Set([...Object.keys(left), ...Object.keys(right)])];
}
