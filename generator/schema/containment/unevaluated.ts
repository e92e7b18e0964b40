import { anyOfThem, type Way, waysOf } from './coverage.js';
import type { Formula } from './formula.js';
import type { SchemaReader } from './reading.js';
import type { Spot } from './references.js';

/** `unevaluatedProperties`: in one of the ways in which the rest of the schema holds, the properties it leaves over satisfy this. */
export function unevaluatedProperties(reader: SchemaReader, spot: Spot): Formula {
  const schema = reader.part(spot, 'unevaluatedProperties');
  return inSomeWay(reader, spot, 'unevaluatedProperties', (way) =>
    way.rest ? reader.formulas.true : reader.formulas.each(namesBeyond(reader, way), schema),
  );
}

export function unevaluatedItems(reader: SchemaReader, spot: Spot): Formula {
  const { formulas } = reader;
  const schema = reader.part(spot, 'unevaluatedItems');
  return inSomeWay(reader, spot, 'unevaluatedItems', (way) => {
    const from = evaluatedTo(way);
    return from === Number.POSITIVE_INFINITY
      ? formulas.true
      : formulas.items(from, formulas.or([schema, ...way.matching]));
  });
}

/** The names that a way leaves over. */
export function namesBeyond({ formulas }: SchemaReader, way: Way): Formula {
  return formulas.and([
    formulas.values(way.names.keys(), false),
    ...way.patterns.map(({ names }) => formulas.not(names)),
  ]);
}

/** The first index that a way leaves over; infinite when it leaves none. */
export function evaluatedTo(way: Way): number {
  let from = 0;
  while (way.items.has(from)) from++;
  const tail = Math.min(way.itemsFrom, ...way.tail.map((each) => each.from));
  return tail <= from ? Number.POSITIVE_INFINITY : from;
}

function inSomeWay(
  reader: SchemaReader,
  spot: Spot,
  keyword: 'unevaluatedProperties' | 'unevaluatedItems',
  say: (way: Way) => Formula,
): Formula {
  const { formulas } = reader;
  reader.misjudged();
  const about = keyword === 'unevaluatedItems' ? 'items' : 'properties';
  reader.doubt(about);
  const ways = waysOf(reader, [spot], { declaredOnly: false, without: keyword });
  if (!ways) return formulas.opaque(`"${keyword}" at "${spot.place.pointer}" depends on too many branches`);
  const counted = reader.reading[about] === 'generous' ? [anyOfThem(ways)] : ways;
  return formulas.or(counted.map((way) => formulas.and([...way.when, say(way)])));
}
