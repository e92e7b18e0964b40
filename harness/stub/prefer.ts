/** What a caller wishes to be answered: `Prefer: code=404, example=none` (RFC 7240, with the names that mock servers use). */
export interface Preference {
  readonly code?: number;
  readonly example?: string;
}

/** Reads the header; other preferences are left alone, as the RFC says. */
export function readPrefer(header: string | null): Preference {
  let found: Preference = {};
  for (const part of (header ?? '').split(/[,;]/)) {
    const [, name, quoted, plain] = /^\s*([\w-]+)\s*=\s*(?:"([^"]*)"|(.*?))\s*$/.exec(part) ?? [];
    const value = quoted ?? plain ?? '';
    if (name?.toLowerCase() === 'example' && value !== '') found = { ...found, example: value };
    if (name?.toLowerCase() === 'code' && /^[1-5]\d\d$/.test(value)) found = { ...found, code: Number(value) };
  }
  return found;
}
