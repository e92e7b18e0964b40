import { createContainment } from '../../../generator/schema/containment/containment.js';
import type { Fault } from './group.js';
import { oracleOf } from './oracle.js';
import { isObject, placesIn } from './places.js';
import type { FuzzDialect, Schema } from './random-schema.js';

/** The same fault with as little schema as can be; for proofs that a value contradicts. Others come back as they are. */
export function smallest(fault: Fault): Fault {
  if (fault.kind !== 'unsound') return fault;
  let { writer, reader } = fault;
  for (let changed = true; changed; ) {
    changed = false;
    for (const [side, schema] of [
      ['writer', writer],
      ['reader', reader],
    ] as const)
      for (const simpler of simplerThan(schema)) {
        const pair = side === 'writer' ? { writer: simpler, reader } : { writer, reader: simpler };
        if (changed || !isContradicted(pair.writer, pair.reader, fault.dialect, fault.detail)) continue;
        ({ writer, reader } = pair);
        changed = true;
      }
  }
  return { ...fault, writer, reader };
}

function isContradicted(writer: Schema, reader: Schema, dialect: FuzzDialect, value: unknown): boolean {
  try {
    return (
      oracleOf(writer, dialect).asMeant(value) === true &&
      oracleOf(reader, dialect).asMeant(value) === false &&
      createContainment().decide({ schema: reader, dialect }, { schema: writer, dialect }, {}).verdict === 'compatible'
    );
  } catch {
    return false;
  }
}

/** The schema with one keyword less, or with one part of it open. */
function simplerThan(schema: Schema): readonly Schema[] {
  if (!isObject(schema)) return [];
  const count = placesIn(schema).length;
  const keys = [schema, ...placesIn(schema).map((place) => place.schema)].flatMap((each, at) =>
    isObject(each) ? Object.keys(each).map((key) => [at, key] as const) : [],
  );
  const opened = Array.from({ length: count }, (_, index) => {
    const copy = structuredClone(schema);
    placesIn(copy)[index]?.replace(true);
    return copy;
  });
  const reduced = keys.map(([at, key]) => {
    const copy = structuredClone(schema);
    const place = at === 0 ? copy : placesIn(copy)[at - 1]?.schema;
    if (isObject(place)) delete place[key];
    return copy;
  });
  return [...opened, ...reduced].filter((each) => JSON.stringify(each).length < JSON.stringify(schema).length);
}
