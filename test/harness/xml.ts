/** An element of an XML document, in the order of their start tags. */
export interface Element {
  readonly name: string;
  /** Of the root 0. */
  readonly depth: number;
  readonly attributes: Readonly<Record<string, string>>;
}

const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n';
// Start, end and empty elements, or text: whatever else stands there is no part of what a report may hold.
const part = /<(\/?)([a-z]+)((?:\s+[a-z]+="[^"<]*")*)\s*(\/?)>|([^<>]+)/y;

/** Reads XML 1.0 as far as reports use it: elements, attributes, text. Throws at the first place that is not well-formed. */
export function elementsOf(xml: string): readonly Element[] {
  if (!xml.startsWith(prolog)) throw new Error('the declaration is missing');
  if (!/^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u.test(xml))
    throw new Error('a character that XML has no place for');
  if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(xml)) throw new Error('an ampersand that begins no reference');
  const elements: Element[] = [];
  const open: string[] = [];
  part.lastIndex = prolog.length;
  while (part.lastIndex < xml.length) {
    const at = part.lastIndex;
    const [whole, end = '', name = '', attributes = '', empty = '', text] = part.exec(xml) ?? [];
    if (whole === undefined) throw new Error(`no element and no text: ${xml.slice(at, at + 40)}`);
    if (text !== undefined) {
      if (open.length === 0 && text.trim() !== '') throw new Error(`text outside of the root: ${text}`);
    } else if (end !== '') {
      if (open.pop() !== name) throw new Error(`</${name}> ends another element`);
    } else {
      if (open.length === 0 && elements.length > 0) throw new Error(`<${name}> is a second root`);
      elements.push({ name, depth: open.length, attributes: attributesOf(attributes) });
      if (empty === '') open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)}> stays open`);
  return elements;
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const);
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new Error(`an attribute twice: ${text}`);
  return Object.fromEntries(pairs);
}
