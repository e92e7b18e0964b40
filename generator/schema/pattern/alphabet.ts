import { type CodePoints, includes, LAST_CODE_POINT, rangesOf } from './code-points.js';

/** What a person would rather read in an example, best first. */
const PREFERRED = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ -_.,:;/@#+=!?*()[]{}<>|&%$~^"\'`\\';

/** All code points in classes whose members no set of the question tells apart, the most readable class first. */
export interface Alphabet {
  /** One character of each class. */
  readonly characters: readonly string[];
  /** By class: whether its character can be printed. */
  readonly isReadable: readonly boolean[];
  /** By class, for each set: whether the class lies in it. */
  readonly members: ReadonlyMap<CodePoints, readonly boolean[]>;
  /** The class of a code point. */
  classOf(point: number): number;
}

export function alphabetOf(sets: readonly CodePoints[]): Alphabet {
  const bounds = [...new Set([0, ...sets.flatMap((set) => rangesOf(set).flatMap(([from, to]) => [from, to + 1]))])]
    .filter((bound) => bound <= LAST_CODE_POINT)
    .sort((a, b) => a - b);
  const found = new Map<string, number[]>();
  const signatureOf = (point: number) => sets.map((set) => (includes(set, point) ? '1' : '0')).join('');
  const signatures = bounds.map(signatureOf);
  signatures.forEach((signature, segment) => {
    const segments = found.get(signature);
    if (segments) segments.push(segment);
    else found.set(signature, [segment]);
  });
  const classes = [...found].map(([signature, segments]) => {
    const ranges = segments.flatMap((segment) => [
      bounds[segment] ?? 0,
      (bounds[segment + 1] ?? LAST_CODE_POINT + 1) - 1,
    ]);
    return { signature, ...representative(ranges) };
  });
  classes.sort((a, b) => a.rank - b.rank);
  const order = new Map(classes.map(({ signature }, index) => [signature, index]));
  return {
    characters: classes.map(({ point }) => String.fromCodePoint(point)),
    isReadable: classes.map(({ rank }) => rank <= READABLE_RANK),
    members: new Map(sets.map((set, index) => [set, classes.map(({ signature }) => signature[index] === '1')])),
    classOf: (point) => order.get(signatureOf(point)) ?? 0,
  };
}

const READABLE_RANK = 1000;

/** The best character of a class and how good it is: 0 is best, above READABLE_RANK it cannot be printed, surrogates come last. */
function representative(set: CodePoints): { readonly point: number; readonly rank: number } {
  const preferred = [...PREFERRED].findIndex((char) => includes(set, char.codePointAt(0) ?? 0));
  if (preferred >= 0) return { point: PREFERRED.charCodeAt(preferred), rank: preferred };
  const probes = rangesOf(set)
    .slice(0, PROBES)
    .flatMap(([from, to]) => Array.from({ length: Math.min(to - from + 1, PROBES) }, (_, index) => from + index));
  const tests = [/[\p{L}\p{N}\p{P}\p{S}]/u, /[\p{Z}\p{M}]/u, /\P{Cs}/u];
  for (const [index, test] of tests.entries()) {
    const point = probes.find((each) => test.test(String.fromCodePoint(each)));
    if (point !== undefined) return { point, rank: READABLE_RANK + index };
  }
  return { point: set[0] ?? 0, rank: READABLE_RANK + tests.length };
}

/** Ranges of a class, and code points of a range, that are looked at for a readable one. */
const PROBES = 48;
