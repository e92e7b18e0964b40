/**
 * A string as a header value of printable ASCII, and back, as the CloudEvents HTTP binding says (section 3.1.3.2): percent-encoded UTF-8 for space,
 * double quote, percent and everything outside U+0021 to U+007E.
 */
export function encodeHeaderValue(text: string): string {
  if (/^[!#$&-~]*$/.test(text)) return text;
  let encoded = '';
  for (const byte of new TextEncoder().encode(text)) {
    const plain = byte > 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x25;
    encoded += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** Undefined when the escapes are not UTF-8. Values in double quotes, as older producers send them, are unquoted first. */
export function decodeHeaderValue(value: string): string | undefined {
  const text = isQuoted(value) ? value.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : value;
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function isQuoted(value: string): boolean {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"');
}
