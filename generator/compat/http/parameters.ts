import type { NounChange, SettingChange } from '../change.js';
import { nameIn } from '../matching.js';
import type { Revisions } from '../rule.js';
import { calledBy } from './callers.js';

/** The parameter in the subject of a change: `query parameter "limit"`. */
export function parameterIn(change: NounChange | SettingChange): string {
  const [place, name] = placeAndName(change);
  return `${place} parameter "${name}"`;
}

/** Whether it went from one place of the request to another, seen from either of both. */
export function isMoved(change: NounChange, revisions: Revisions): boolean {
  return otherPlace(change, revisions) !== undefined;
}

/** Where a parameter that is gone from its place is sent now. */
export function movedTo(change: NounChange, revisions: Revisions): string | undefined {
  return change.kind === 'removed' ? otherPlace(change, revisions) : undefined;
}

function otherPlace(change: NounChange, revisions: Revisions): string | undefined {
  const [place, name] = placeAndName(change);
  if (place === 'path') return undefined;
  const { before, after } = calledBy(change, revisions);
  const [here, there] = change.kind === 'removed' ? [before, after] : [after, before];
  const others = (there?.definition.parameters ?? []).filter((each) => each.name === name && each.in !== place);
  // It may have been in both places all along.
  const known = new Set(
    (here?.definition.parameters ?? []).filter((each) => each.name === name).map((each) => each.in),
  );
  return others.find((each) => !known.has(each.in))?.in;
}

function placeAndName(change: NounChange | SettingChange): readonly [string, string] {
  const key = nameIn(change.subject, 'parameter');
  const dot = key.indexOf('.');
  return [key.slice(0, dot), key.slice(dot + 1)];
}
