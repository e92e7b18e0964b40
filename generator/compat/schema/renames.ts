import type { NodeId } from '../../schema/node.js';
import type { Spot } from './spot.js';

/**
 * Properties that went and came under another name: the same form on both sides, required alike, and a name that is similar or the same place in the
 * order. Only where the answer is clear; two candidates are none.
 */
export function renamesIn({ graph, before, after }: Spot): ReadonlyMap<string, string> {
  const [was, is] = [before.properties, after.properties];
  if (!was || !is) return new Map();
  const gone = [...was].filter(([name]) => !is.has(name));
  const come = [...is].filter(([name]) => !was.has(name));
  const [wasOrder, isOrder] = [[...was.keys()], [...is.keys()]];
  const mightBe = ([from, fromId]: readonly [string, NodeId], [to, toId]: readonly [string, NodeId]): boolean =>
    graph.classOf(fromId) === graph.classOf(toId) &&
    (before.required?.includes(from) ?? false) === (after.required?.includes(to) ?? false) &&
    (isSimilar(from, to) || (wasOrder.length === isOrder.length && wasOrder.indexOf(from) === isOrder.indexOf(to)));
  const renames = new Map<string, string>();
  for (const each of gone) {
    const candidates = come.filter((other) => mightBe(each, other));
    const [only] = candidates;
    const rivals = only === undefined ? [] : gone.filter((other) => mightBe(other, only));
    if (only !== undefined && candidates.length === 1 && rivals.length === 1) renames.set(each[0], only[0]);
  }
  return renames;
}

/** `full_name` and `fullName`, `name` and `fullName`, `colour` and `color`. */
function isSimilar(a: string, b: string): boolean {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  if (left.join('') === right.join('')) return true;
  if (left.some((word) => word.length > 2 && right.includes(word))) return true;
  const [short, long] = [left.join(''), right.join('')].sort((x, y) => x.length - y.length) as [string, string];
  return short.length > 3 && long.length - short.length <= 2 && isWithin(short, long);
}

/** Whether the letters of the one come in the other in order. */
function isWithin(short: string, long: string): boolean {
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return at === short.length;
}

function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
