import { type DigestBudget, digestOf } from './digest.js';
import type { Formula } from './formula.js';
import type { Formulas } from './formulas.js';
import { isMapping } from './json.js';
import { assertionsOf } from './keywords.js';
import type { Reading, SchemaReader } from './reading.js';
import { linksOf, type Spot, standsAlone } from './references.js';
import type { Resources } from './resources.js';
import { enter } from './scope.js';

/** Reads schemas of one source into formulas. */
export class FormulaReader implements SchemaReader {
  readonly formulas: Formulas;
  readonly resources: Resources;
  readonly reading: Reading;
  private readonly read = new Map<string, Formula>();
  private readonly open = new Set<string>();
  private readonly recursive = new Set<string>();
  private readonly digests = new Map<string, string>();
  private readonly hashed: DigestBudget = { used: 0 };
  private readonly id = ++readers;
  /** Readings of what was met that differ from each other. */
  readonly ambiguous = new Set<keyof Reading>();

  constructor(formulas: Formulas, resources: Resources, reading: Reading) {
    this.formulas = formulas;
    this.resources = resources;
    this.reading = reading;
  }

  /** What the schema at a spot says about a value. A schema that contains itself becomes a reference. */
  formulaOf(spot: Spot): Formula {
    const key = `${spot.place.key} ${spot.scope.key}`;
    if (this.open.has(key)) this.recursive.add(key);
    if (this.recursive.has(key)) return this.reference(spot);
    const known = this.read.get(key);
    if (known) return known;
    this.open.add(key);
    const formula = this.assertions(spot);
    this.open.delete(key);
    this.read.set(key, formula);
    return this.recursive.has(key) ? this.reference(spot) : formula;
  }

  /** The formula of a part of a schema. */
  part({ place, scope }: Spot, ...keys: readonly (string | number)[]): Formula {
    return this.formulaOf(this.spotOf({ place, scope }, ...keys));
  }

  spotOf({ place, scope }: Spot, ...keys: readonly (string | number)[]): Spot {
    return { place: this.resources.child(place, ...keys), scope: enter(scope, place) };
  }

  /** Whether validators may misjudge what was read. */
  isDelicate = false;

  misjudged(): void {
    this.isDelicate = true;
  }

  doubt(about: keyof Reading): void {
    this.ambiguous.add(about);
  }

  /** Whether only the reference of a schema counts. */
  refersOnly(spot: Spot): boolean {
    if (standsAlone(spot.place)) this.ambiguous.add('siblings');
    return this.reading.siblings === 'ignored' && standsAlone(spot.place);
  }

  private assertions(spot: Spot): Formula {
    const { value } = spot.place;
    const { formulas } = this;
    if (typeof value === 'boolean') return value ? formulas.true : formulas.false;
    if (!isMapping(value)) return formulas.opaque(`"${spot.place.pointer}" is no schema`);
    const links = linksOf(this.resources, spot).map(({ text, target }) =>
      target ? this.formulaOf(target) : formulas.opaque(`the reference "${text}" leads nowhere`),
    );
    return formulas.and(this.refersOnly(spot) ? links : [...links, ...assertionsOf(this, spot, value)]);
  }

  private reference(spot: Spot): Formula {
    const unfold = (): Formula =>
      this.read.get(`${spot.place.key} ${spot.scope.key}`) ?? this.formulas.opaque('recursion');
    const key = `${spot.place.key} ${spot.scope.key}`;
    const digest = this.digests.get(key) ?? digestOf(this.resources, spot, this.hashed) ?? `${this.id} ${key}`;
    this.digests.set(key, digest);
    return this.formulas.reference(`${Object.values(this.reading).join(' ')} ${digest}`, unfold);
  }
}

/** Keys of places mean something within one source only. */
let readers = 0;
