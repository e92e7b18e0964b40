import { type Way, waysOf } from './coverage.js';
import type { Formula } from './formula.js';
import type { SchemaReader } from './reading.js';
import type { Spot } from './references.js';
import { namesBeyond } from './unevaluated.js';

/**
 * What a writer adds that sends only what it declares: no object of its has a property that no schema which applies there names. Where properties
 * are declared by pattern or by a schema for all further ones, those are declared as well.
 */
export class Closing {
  private readonly reader: SchemaReader;
  private readonly closed = new Map<string, Formula>();
  private readonly open = new Set<string>();

  constructor(reader: SchemaReader) {
    this.reader = reader;
  }

  /** The closing of the value that all of these schemas describe. */
  of(spots: readonly Spot[]): Formula {
    const { formulas } = this.reader;
    const key = keyOfSpots(spots);
    if (this.open.has(key)) return this.reference(key);
    const known = this.closed.get(key);
    if (known) return known;
    this.open.add(key);
    const ways = waysOf(this.reader, spots, { declaredOnly: true });
    // Too many branches to tell apart: the writer is left open, which claims less.
    const formula = ways ? formulas.or(ways.map((way) => formulas.and([...way.when, this.inWay(way)]))) : formulas.true;
    this.open.delete(key);
    this.closed.set(key, formula);
    return formula;
  }

  private inWay(way: Way): Formula {
    const { formulas } = this.reader;
    const parts: Formula[] = [];
    // Nothing is said about properties: then this is no description of an object, or of one with any content.
    const declares = way.names.size > 0 || way.patterns.length > 0;
    if (declares && !way.rest && way.further.length === 0)
      parts.push(formulas.each(namesBeyond(this.reader, way), formulas.false));
    for (const [name, spots] of way.names) parts.push(formulas.property(name, this.of(spots)));
    for (const { names, spot } of [...way.patterns, ...way.further]) parts.push(formulas.each(names, this.of([spot])));
    for (const [index, spots] of way.items) parts.push(formulas.item(index, this.of(spots)));
    for (const { from, spot } of way.tail) parts.push(formulas.items(from, this.of([spot])));
    return formulas.and(parts);
  }

  private reference(key: string): Formula {
    return this.reader.formulas.reference(
      `closing ${this.id} ${key}`,
      () => this.closed.get(key) ?? this.reader.formulas.true,
    );
  }

  private readonly id = ++instances;
}

/** Keys of spots mean something within one document only. */
let instances = 0;

function keyOfSpots(spots: readonly Spot[]): string {
  return [...new Set(spots.map(({ place, scope }) => `${place.key} ${scope.key}`))].sort().join('\n');
}
