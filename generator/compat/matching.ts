import type { Change, Noun, NounChange, SettingChange } from './change.js';

/** A setting of one of these names, of this kind of noun. */
export function isSet(change: Change, noun: Noun, ...settings: readonly string[]): change is SettingChange {
  return change.kind === 'set' && change.noun === noun && settings.includes(change.setting);
}

/** A noun of this kind that appeared, went or was renamed, as `kinds` say. */
export function isNoun(change: Change, noun: Noun, ...kinds: readonly NounChange['kind'][]): change is NounChange {
  return change.kind !== 'set' && change.kind !== 'schema' && change.noun === noun && kinds.includes(change.kind);
}

/** The name in a subject such as `entity:Employee copy:surveys`: of the noun itself, or of the part that `word` names. */
export function nameIn(subject: string, word?: string): string {
  const [, whole = ''] = /^[^:]*:(.*)$/s.exec(subject) ?? [];
  const part = / (copy|consumer|sender|receiver|step|operation|parameter|response|header|schema):/.exec(whole);
  if (word === undefined) return part === null ? whole : whole.slice(0, part.index);
  const found = subject.lastIndexOf(` ${word}:`);
  return found < 0 ? '' : subject.slice(found + word.length + 2);
}

/** Names that the noun of a subject goes by: the newer one, and the older one where it was renamed. A part that was renamed leaves the whole as it is. */
export function namesOf(change: Change): readonly string[] {
  const own = nameIn(change.subject);
  if (change.kind === 'renamed' && own !== change.to) return [own];
  return change.kind === 'renamed' && change.from !== undefined ? [own, change.from] : [own];
}
