/** `"a"`, `"a" and "b"`, `"a", "b" and "c"`; `nobody` for an empty list. */
export function quoted(names: Iterable<string>, none = 'nobody'): string {
  const all = [...names].map((name) => `"${name}"`);
  if (all.length < 2) return all[0] ?? none;
  return `${all.slice(0, -1).join(', ')} and ${all[all.length - 1] ?? ''}`;
}

/** A value of a setting as a sentence shows it: texts in quotes, lists as lists, `nothing` for what is not there. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(shown).join(', ');
  return typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
}

/** Milliseconds as people say them: `250 ms`, `7.5 s`, `5 m`, `1 h 30 m`, `30 d`; `nothing` when none are given. */
export function spoken(ms: unknown): string {
  if (typeof ms !== 'number') return 'nothing';
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`;
  const sizes = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;
  let rest = ms;
  const parts = Object.entries(sizes).flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? [] : [`${count} ${unit}`];
  });
  return parts.slice(0, 2).join(' ');
}

/** A subject in words: `saga:checkout step:charge` is `step "charge" of saga "checkout"`. */
export function spokenSubject(subject: string): string {
  const [, noun = '', whole = ''] = /^([^:]*):(.*)$/s.exec(subject) ?? [];
  const part = /^(.*) (copy|consumer|sender|receiver|step|operation):(.*)$/s.exec(whole);
  return part === null ? `${noun} "${whole}"` : `${part[2]} "${part[3]}" of ${noun} "${part[1]}"`;
}
