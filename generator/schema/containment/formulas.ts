import {
  ALL_TYPES,
  type Atom,
  BIT,
  type Formula,
  type Measured,
  type Reference,
  type Side,
  subjectOf,
} from './formula.js';
import { keyOf, typeOf } from './json.js';

type Without<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;

/** Makes formulas: equal ones are made once, so that equality is identity and everything about them can be remembered by id. */
export class Formulas {
  private readonly interned = new Map<string, Formula>();
  private readonly complements = new Map<number, Formula>();
  private readonly masks = new Map<number, number>();
  private count = 0;

  readonly true: Formula = this.intern('T', { kind: 'true' });
  readonly false: Formula = this.intern('F', { kind: 'false' });

  /** How many there are; a measure of memory. */
  get size(): number {
    return this.count;
  }

  and(parts: Iterable<Formula>): Formula {
    return this.join('and', parts);
  }

  or(parts: Iterable<Formula>): Formula {
    return this.join('or', parts);
  }

  /** `mask` has a bit per type that is allowed. */
  type(mask: number): Formula {
    if (mask === ALL_TYPES) return this.true;
    return mask === 0 ? this.false : this.intern(`t${mask}`, { kind: 'type', mask });
  }

  values(values: Iterable<unknown>, holds = true): Formula {
    const byKey = new Map<string, unknown>();
    for (const value of values) byKey.set(keyOf(value), value);
    if (byKey.size === 0) return holds ? this.false : this.true;
    const key = [...byKey.keys()].sort().join(',');
    return this.intern(`v${holds ? '' : '!'}${key}`, { kind: 'values', values: byKey, holds });
  }

  bound(side: Side, limit: number, exclusive: boolean): Formula {
    const plain = Object.is(limit, -0) ? 0 : limit;
    return this.intern(`b${side}${plain}${exclusive}`, { kind: 'bound', side, limit: plain, exclusive });
  }

  multiple(of: number, holds = true): Formula {
    return this.intern(`m${holds}${of}`, { kind: 'multiple', of, holds });
  }

  length(of: Measured, side: Side, count: number): Formula {
    if (side === 'min' && count <= 0) return this.true;
    if (side === 'max' && count < 0) return this.type(ALL_TYPES & ~BIT[of]);
    return this.intern(`l${of}${side}${count}`, { kind: 'length', of, side, count });
  }

  pattern(source: string, holds = true): Formula {
    return this.intern(`p${holds}${source}`, { kind: 'pattern', source, holds });
  }

  format(name: string, holds = true): Formula {
    return this.intern(`f${holds}${name}`, { kind: 'format', name, holds });
  }

  present(name: string, holds = true): Formula {
    return this.intern(`r${holds}${name}`, { kind: 'present', name, holds });
  }

  property(name: string, schema: Formula): Formula {
    if (schema.kind === 'true') return this.true;
    if (schema.kind === 'false') return this.present(name, false);
    return this.intern(`k${schema.id},${name}`, { kind: 'property', name, schema });
  }

  each(names: Formula, schema: Formula): Formula {
    if (schema.kind === 'true' || names.kind === 'false') return this.true;
    if (schema.kind === 'false' && names.kind === 'true') return this.length('object', 'max', 0);
    return this.intern(`e${names.id},${schema.id}`, { kind: 'each', names, schema });
  }

  some(names: Formula, schema: Formula): Formula {
    if (schema.kind === 'false' || names.kind === 'false') return this.type(ALL_TYPES & ~BIT.object);
    if (schema.kind === 'true' && names.kind === 'true') return this.length('object', 'min', 1);
    return this.intern(`s${names.id},${schema.id}`, { kind: 'some', names, schema });
  }

  item(index: number, schema: Formula): Formula {
    if (schema.kind === 'true') return this.true;
    if (schema.kind === 'false') return this.length('array', 'max', index);
    return this.intern(`i${index},${schema.id}`, { kind: 'item', index, schema });
  }

  /** All items from an index on. */
  items(from: number, schema: Formula): Formula {
    return this.counted(from, this.not(schema), 'max', 0);
  }

  counted(from: number, schema: Formula, side: Side, count: number): Formula {
    if (side === 'min' && count <= 0) return this.true;
    if (side === 'max' && count < 0) return this.type(ALL_TYPES & ~BIT.array);
    if (schema.kind === 'false') return side === 'min' ? this.type(ALL_TYPES & ~BIT.array) : this.true;
    if (schema.kind === 'true') return this.length('array', side, from + count);
    return this.intern(`c${from},${schema.id},${side}${count}`, { kind: 'count', from, schema, side, count });
  }

  unique(holds = true): Formula {
    return this.intern(`u${holds}`, { kind: 'unique', holds });
  }

  opaque(what: string, holds = true): Formula {
    return this.intern(`o${holds}${what}`, { kind: 'opaque', what, holds });
  }

  /** `unfold` is asked at most once. */
  reference(key: string, unfold: () => Formula): Formula {
    return this.refer(key, true, unfold);
  }

  private refer(key: string, holds: boolean, unfold: () => Formula): Formula {
    let unfolded: Formula | undefined;
    const once = () => {
      unfolded ??= unfold();
      return unfolded;
    };
    return this.intern(`R${holds}${key}`, { kind: 'reference', key, holds, unfold: once });
  }

  not(formula: Formula): Formula {
    const known = this.complements.get(formula.id);
    if (known) return known;
    const complement = this.complement(formula);
    this.complements.set(formula.id, complement);
    if (!this.complements.has(complement.id)) this.complements.set(complement.id, formula);
    return complement;
  }

  /** `if`: values of this form only, then; both parts in negation normal form. */
  implies(premise: Formula, conclusion: Formula): Formula {
    return this.or([this.not(premise), conclusion]);
  }

  /** The opposite of an atom among values of its own type; undefined where that is more than one atom. */
  dual(atom: Formula): Formula | undefined {
    switch (atom.kind) {
      case 'values':
        return this.intern(`v${atom.holds ? '!' : ''}${[...atom.values.keys()].sort().join(',')}`, {
          kind: 'values',
          values: atom.values,
          holds: !atom.holds,
        });
      case 'type':
        return this.type(ALL_TYPES & ~atom.mask);
      case 'bound':
        return this.bound(atom.side === 'min' ? 'max' : 'min', atom.limit, !atom.exclusive);
      case 'multiple':
        return this.multiple(atom.of, !atom.holds);
      case 'length':
        return atom.side === 'min'
          ? this.length(atom.of, 'max', atom.count - 1)
          : this.length(atom.of, 'min', atom.count + 1);
      case 'pattern':
        return this.pattern(atom.source, !atom.holds);
      case 'format':
        return this.format(atom.name, !atom.holds);
      case 'present':
        return this.present(atom.name, !atom.holds);
      case 'each':
        return this.some(atom.names, this.not(atom.schema));
      case 'some':
        return this.each(atom.names, this.not(atom.schema));
      case 'count':
        return atom.side === 'min'
          ? this.counted(atom.from, atom.schema, 'max', atom.count - 1)
          : this.counted(atom.from, atom.schema, 'min', atom.count + 1);
      case 'unique':
        return this.unique(!atom.holds);
      case 'opaque':
        return this.opaque(atom.what, !atom.holds);
      case 'reference':
        return this.refer(atom.key, !atom.holds, () => this.not(atom.unfold()));
      default:
        return undefined;
    }
  }

  /** Types whose values can satisfy it, as far as can be seen without search. */
  mask(formula: Formula): number {
    const known = this.masks.get(formula.id);
    if (known !== undefined) return known;
    const mask = this.maskOf(formula);
    this.masks.set(formula.id, mask);
    return mask;
  }

  private maskOf(formula: Formula): number {
    switch (formula.kind) {
      case 'false':
        return 0;
      case 'type':
        return formula.mask;
      case 'values': {
        if (!formula.holds) return ALL_TYPES;
        let mask = 0;
        for (const value of formula.values.values()) mask |= BIT[typeOf(value)];
        return mask;
      }
      case 'and': {
        let mask = ALL_TYPES;
        for (const part of formula.parts) mask &= this.mask(part);
        return mask;
      }
      case 'or': {
        let mask = 0;
        for (const part of formula.parts) mask |= this.mask(part);
        return mask;
      }
      default:
        return ALL_TYPES;
    }
  }

  private complement(formula: Formula): Formula {
    switch (formula.kind) {
      case 'true':
        return this.false;
      case 'false':
        return this.true;
      case 'and':
        return this.or(formula.parts.map((part) => this.not(part)));
      case 'or':
        return this.and(formula.parts.map((part) => this.not(part)));
      case 'property':
        return this.and([
          this.type(BIT.object),
          this.present(formula.name),
          this.property(formula.name, this.not(formula.schema)),
        ]);
      case 'item':
        return this.and([
          this.type(BIT.array),
          this.length('array', 'min', formula.index + 1),
          this.item(formula.index, this.not(formula.schema)),
        ]);
      default: {
        const subject = subjectOf(formula);
        const dual = this.dual(formula) ?? this.true;
        return subject === undefined ? dual : this.and([this.type(BIT[subject]), dual]);
      }
    }
  }

  private join(kind: 'and' | 'or', parts: Iterable<Formula>): Formula {
    const [neutral, absorbing] = kind === 'and' ? [this.true, this.false] : [this.false, this.true];
    const flat = new Map<number, Formula>();
    let mask = kind === 'and' ? ALL_TYPES : 0;
    const add = (part: Formula): void => {
      if (part.kind === kind) for (const inner of part.parts) add(inner);
      else if (part.kind === 'type') mask = kind === 'and' ? mask & part.mask : mask | part.mask;
      else if (part.id !== neutral.id) flat.set(part.id, part);
    };
    for (const part of parts) add(part);
    if (flat.has(absorbing.id)) return absorbing;
    for (const part of flat.values()) {
      const opposite = this.complements.get(part.id);
      if (opposite !== undefined && flat.has(opposite.id)) return absorbing;
    }
    const type = this.type(mask);
    if (type.id === absorbing.id) return absorbing;
    if (type.id !== neutral.id) flat.set(type.id, type);
    if (flat.size === 0) return neutral;
    const sorted = [...flat.values()].sort((a, b) => a.id - b.id);
    const [only] = sorted;
    if (sorted.length === 1 && only) return only;
    return this.intern(`${kind === 'and' ? '&' : '|'}${sorted.map(({ id }) => id).join(',')}`, { kind, parts: sorted });
  }

  private intern(key: string, formula: Without<Atom> | Without<Exclude<Formula, Atom>> | Without<Reference>): Formula {
    const known = this.interned.get(key);
    if (known) return known;
    const made = { ...formula, id: this.count++ } as Formula;
    this.interned.set(key, made);
    return made;
  }
}
