import type { Documents } from './workspace.js';

/** A whole number from 0 to below `below`. */
export type Pick = (below: number) => number;

/** Mulberry32: the same seed gives the same case. */
export function pickFrom(seed: number): Pick {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

export interface Mutation {
  readonly documents: Documents;
  /** What was done, to be read when a case fails. */
  readonly told: readonly string[];
}

/** Documents with one to three nasty changes: a name changed wherever it stands, one text, one key, or a value of another type. */
export function mutate(documents: Documents, texts: readonly string[], pick: Pick): Mutation {
  let current = documents;
  const told: string[] = [];
  for (let left = 1 + pick(3); left > 0; left--) {
    const text = texts[pick(texts.length)] ?? '';
    const kind = pick(10);
    if (kind < 4) current = renameEverywhere(current, text, pick, told);
    else if (kind < 7) current = replaceOne(current, pick, told, () => text);
    else if (kind < 9) current = replaceKey(current, text, pick, told);
    else current = replaceOne(current, pick, told, () => others[pick(others.length)]);
  }
  return { documents: current, told };
}

const others: readonly unknown[] = [null, 0, -1, 1.5, 1e308, true, [], {}, [[]], [null], { a: null }, ['x', 'x'], ''];

interface Spot {
  readonly file: string;
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

function spotsOf(documents: Documents): readonly Spot[] {
  const spots: Spot[] = [];
  const visit = (file: string, path: Spot['path'], value: unknown): void => {
    spots.push({ file, path, value });
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value))
      visit(file, [...path, Array.isArray(value) ? Number(key) : key], item);
  };
  for (const [file, value] of documents) visit(file, [], value);
  return spots;
}

/** A name keeps its meaning only when it changes wherever it stands: as a key, as a text, and as a step of a pointer, a path or an expression. */
function renameEverywhere(documents: Documents, to: string, pick: Pick, told: string[]): Documents {
  const names = new Set<string>();
  for (const { path, value } of spotsOf(documents)) {
    const key = path.at(-1);
    const holder = path.at(-2);
    if (typeof key === 'string' && named.has(String(holder))) names.add(key);
    if (typeof value === 'string' && (valued.has(String(key)) || valued.has(String(holder)))) names.add(value);
  }
  const from = [...names][pick(names.size)] ?? '';
  told.push(`"${from}" -> ${JSON.stringify(to.slice(0, 80))} everywhere`);
  const pointer = to.replaceAll('~', '~0').replaceAll('/', '~1');
  const text = (value: string): string => {
    if (value === from) return to;
    if (value.includes('#/'))
      return value
        .split('/')
        .map((step) => (step === from ? encodeURIComponent(pointer.replace(/\p{Cs}/gu, '')) : step))
        .join('/');
    return value
      .split('.')
      .map((step) => (step === from ? to : step))
      .join('.');
  };
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return fromEntries(Object.entries(value).map(([key, item]) => [key === from ? to : key, walk(item)]));
  };
  return new Map([...documents].map(([file, value]) => [file, walk(value)]));
}

/** Mappings whose keys, and fields whose values, are names that somebody chose. */
const named = new Set(
  'services entities events commands channels messages schemas properties parameters operations responses headers securitySchemes policies fields flows data_flows features paths definitions examples variables servers'.split(
    ' ',
  ),
);
const valued = new Set(
  'name owner operationId event publisher consumers handler as key title description summary purpose address enum const pattern default tags service to from table column says team version required url system exchange queue routing_key reason'.split(
    ' ',
  ),
);

function replaceOne(documents: Documents, pick: Pick, told: string[], made: () => unknown): Documents {
  const spots = spotsOf(documents).filter(
    (spot) => spot.path.length > 0 && (typeof spot.value !== 'object' || pick(8) === 0),
  );
  const spot = spots[pick(spots.length)];
  if (spot === undefined) return documents;
  const value = made();
  told.push(`${spot.file} ${spot.path.join('.')} = ${JSON.stringify(value)?.slice(0, 80)}`);
  return edited(documents, spot, (holder, key) => {
    holder[key] = value;
  });
}

function replaceKey(documents: Documents, to: string, pick: Pick, told: string[]): Documents {
  const spots = spotsOf(documents).filter((spot) => typeof spot.path.at(-1) === 'string');
  const spot = spots[pick(spots.length)];
  if (spot === undefined) return documents;
  told.push(`${spot.file} key ${spot.path.join('.')} -> ${JSON.stringify(to.slice(0, 80))}`);
  return edited(documents, spot, (holder, key) => {
    delete holder[key];
    Object.defineProperty(holder, to, { value: spot.value, enumerable: true, configurable: true, writable: true });
  });
}

function edited(
  documents: Documents,
  spot: Spot,
  change: (holder: Record<string, unknown>, key: string) => void,
): Documents {
  const copy: unknown = structuredClone(documents.get(spot.file));
  let holder = copy as Record<string, unknown>;
  for (const step of spot.path.slice(0, -1)) holder = holder[step] as Record<string, unknown>;
  change(holder, String(spot.path.at(-1)));
  return new Map([...documents]).set(spot.file, copy);
}

/** As `Object.fromEntries`, with `__proto__` as a key like any other. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): object {
  const made = {};
  for (const [key, value] of entries)
    Object.defineProperty(made, key, { value, enumerable: true, configurable: true, writable: true });
  return made;
}
