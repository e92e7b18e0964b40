const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const UNIT_BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/**
 * A duration in Compose form as milliseconds: `250ms`, `30s`, `1m30s`, `7d`.
 *
 * @returns undefined when `text` is none: no unit, a sign, a fraction, spaces, or a total beyond 2^53 - 1 ms.
 */
export function parseDuration(text: string): number | undefined {
  return sum(text, /(\d+)(ms|s|m|h|d)/y, UNIT_MS);
}

/**
 * A size in bytes: `512`, `4KiB` (4096), `1MB` (1,000,000). `K`/`KB` are read as `KiB`/`kB`.
 *
 * @returns undefined when `text` is none, or the total is beyond 2^53 - 1.
 */
export function parseBytes(text: string): number | undefined {
  if (/^\d+$/.test(text)) return safe(Number(text));
  const normal = text.replace(/KB$/, 'kB').replace(/^(\d+)([KMG])$/, '$1$2iB');
  return /^\d+[A-Za-z]+$/.test(normal) ? sum(normal, /(\d+)(KiB|MiB|GiB|kB|MB|GB|B)/y, UNIT_BYTES) : undefined;
}

function sum(text: string, part: RegExp, units: Readonly<Record<string, number>>): number | undefined {
  let total = 0;
  part.lastIndex = 0;
  for (let at = 0; at < text.length; at = part.lastIndex) {
    const match = part.exec(text);
    if (match === null) return undefined;
    total += Number(match[1]) * (units[match[2] ?? ''] ?? Number.NaN);
  }
  return text === '' ? undefined : safe(total);
}

function safe(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined;
}
