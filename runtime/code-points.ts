/**
 * Orders strings by code point, as PostgreSQL's COLLATE "C" does over UTF-8. JavaScript's `<` orders by UTF-16 unit and puts U+FF5E after U+1F600.
 *
 * Returns below, at or above 0.
 */
export function compareCodePoints(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Lifts surrogates, which stand for code points above U+FFFF, over the rest of the 16-bit units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
