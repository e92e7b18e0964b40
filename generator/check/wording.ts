import { nearest } from '../diagnostics/nearest.js';

/** `"a"`, `"a" and "b"`, `"a", "b" and "c"`; `nothing` for an empty list. */
export function quoted(names: Iterable<string>): string {
  const all = [...names].map((name) => `"${name}"`);
  if (all.length === 0) return 'nothing';
  const last = all[all.length - 1] ?? '';
  return all.length === 1 ? last : `${all.slice(0, -1).join(', ')} and ${last}`;
}

/** Milliseconds as people say them: `250 ms`, `7.5 s`, `5 m`, `1 h 30 m`, `30 d`. */
export function spoken(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`;
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const;
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0 && parts.length < 2) parts.push(`${count} ${unit}`);
    rest -= count * size;
  }
  return parts.join(' ');
}

/** A name as contracts write durations, for a fix to copy: `7500ms`, `30s`, `5m`, `30d`. */
export function written(ms: number): string {
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const) {
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}

/** `1 try`, `4 tries`. */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `write "Company", or declare …` when a known name is near, else only the second half. */
export function meant(name: string, known: Iterable<string>, otherwise: string): string {
  const guess = nearest(name, known);
  return guess === undefined ? `${otherwise}.` : `write "${guess}" if that was meant, or ${otherwise}.`;
}
