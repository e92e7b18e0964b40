/** Text of an attribute or between tags: nothing in it is markup, and what XML 1.0 cannot hold is replaced. */
export function xmlText(text: string): string {
  return text.replace(forbidden, '\ufffd').replace(/[&<>"'\t\n\r]/g, (sign) => `&#${sign.codePointAt(0)};`);
}

const forbidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** An element with its attributes; those that are undefined are left out. */
export interface Xml {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly inner: readonly Xml[] | string;
}

export function element(name: string, attributes: Xml['attributes'] = {}, inner: Xml['inner'] = []): Xml {
  return { name, attributes, inner };
}

/** Lines of an element, two spaces deeper on each level. */
export function xmlLines({ name, attributes, inner }: Xml, indent = ''): readonly string[] {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${xmlText(value)}"`],
  );
  const open = `${indent}<${name}${given.join('')}`;
  if (typeof inner === 'string') return [`${open}>${xmlText(inner)}</${name}>`];
  if (inner.length === 0) return [`${open}/>`];
  return [`${open}>`, ...inner.flatMap((each) => xmlLines(each, `${indent}  `)), `${indent}</${name}>`];
}
