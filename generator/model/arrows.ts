/** One hop of `a → b + c what`; a fan gives one hop each. */
export interface ArrowHop {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
}

/**
 * Reads the arrow grammar of `data_flow` and `flows`: nodes joined by `→` or `->`, `a + b` for a fan, words after the last node are the label.
 *
 * `sales → common + notification InvoiceCreatedEvent` gives two hops that carry the label. A label belongs to the last hop.
 */
export function parseArrows(text: string): readonly ArrowHop[] {
  const parts = text.split(/→|->/).map((part) => part.trim());
  if (parts.length < 2 || parts.some((part) => part === '')) return [];
  const nodes = parts.map((part, index) => (index === parts.length - 1 ? splitLabel(part) : { names: fan(part) }));
  const hops: ArrowHop[] = [];
  for (let index = 1; index < nodes.length; index++) {
    const label = nodes[index]?.label;
    for (const from of nodes[index - 1]?.names ?? []) {
      for (const to of nodes[index]?.names ?? []) hops.push(label === undefined ? { from, to } : { from, to, label });
    }
  }
  return hops;
}

function fan(part: string): readonly string[] {
  return part
    .split('+')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** `common + notification InvoiceCreatedEvent now` -> two names and a label. A name is one word, unless a `+` follows. */
function splitLabel(part: string): { readonly names: readonly string[]; readonly label?: string } {
  const words = part.replace(/\s*\+\s*/g, '+').split(/\s+/);
  const [first = '', ...rest] = words;
  const label = rest
    .join(' ')
    .replace(/^\((.*)\)$/, '$1')
    .replace(/^:\s*/, '');
  return label === '' ? { names: fan(first) } : { names: fan(first), label };
}
