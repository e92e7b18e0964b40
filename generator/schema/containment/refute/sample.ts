import { wordIn } from '../../pattern/word-in.js';
import type { RandomStream } from '../../random.js';
import { textOfFormat } from '../../text-example.js';
import { evaluate } from '../evaluate.js';
import { ALL_TYPES, BIT, type Formula, subjectOf } from '../formula.js';
import { keyOf, objectOf, TYPE_NAMES, type TypeName, typeOf } from '../json.js';

/** Names and values that two schemas speak of: what is close to them tells most. */
export interface Vocabulary {
  readonly names: readonly string[];
  readonly values: readonly unknown[];
}

const DEPTH_MAX = 5;
const ITEMS_MAX = 4;
/** A value with more parts than this gets no further lists and objects. */
const SIZE_MAX = 200;
/** So many parts are looked at for one value: schemas that hold themselves ask for ever more. */
const PARTS_MAX = 5_000;

/** Makes values that have much of what a formula asks for, and sometimes a little more. Not always instances: somebody has to judge. */
export class Sampler {
  /** Parts of the value in hand. */
  private size = 0;

  constructor(
    private readonly random: RandomStream,
    private readonly vocabulary: Vocabulary,
  ) {}

  of(formula: Formula): unknown {
    this.size = 0;
    return this.value(formula, 0);
  }

  private value(formula: Formula, depth: number): unknown {
    this.size++;
    const atoms: Formula[] = [];
    const { random, vocabulary } = this;
    const mask = new Choice(this.random, atoms).among(formula, ALL_TYPES, 0);
    const named = atoms.find((atom) => atom.kind === 'values' && atom.holds);
    if (named?.kind === 'values' && !random.chance(0.05)) {
      const fitting = [...named.values.values()].filter((value) => (mask & BIT[typeOf(value)]) !== 0);
      if (fitting.length > 0) return random.pick(fitting);
    }
    const spoken = atoms.flatMap((atom) => subjectOf(atom) ?? []);
    const wanted = random.chance(0.7) ? spoken.filter((type) => (mask & BIT[type]) !== 0) : [];
    const types = wanted.length > 0 ? wanted : TYPE_NAMES.filter((type) => (mask & BIT[type]) !== 0);
    const type = random.pick(types) ?? 'null';
    if (atoms.length === 0 && random.chance(0.6)) {
      const known = vocabulary.values.filter((value) => typeOf(value) === type);
      if (known.length > 0) return random.pick(known);
    }
    return this.build(type, atoms, depth);
  }

  private build(type: TypeName, atoms: readonly Formula[], depth: number): unknown {
    switch (type) {
      case 'null':
        return null;
      case 'boolean':
        return this.random.chance(0.5);
      case 'number':
        return this.numberFor(atoms);
      case 'string':
        return this.textFor(atoms);
      case 'array':
        return this.isLarge(depth) ? [] : this.listFor(atoms, depth);
      case 'object':
        return this.isLarge(depth) ? {} : this.objectFor(atoms, depth);
    }
  }

  private numberFor(atoms: readonly Formula[]): number {
    const { random, vocabulary } = this;
    const bounds = atoms.flatMap((atom) => (atom.kind === 'bound' ? [atom.limit] : []));
    const steps = atoms.flatMap((atom) => (atom.kind === 'multiple' ? [atom.of] : []));
    const known = vocabulary.values.filter((value): value is number => typeof value === 'number');
    const base = random.pick([...bounds, ...(random.chance(0.3) ? known : []), 0]) ?? 0;
    const offset = random.pick([0, 0, 1, -1, 0.5, 2, 7]) ?? 0;
    const [step] = steps;
    if (step === undefined) return base + offset;
    const count = Math.ceil(base / step) + (random.chance(0.5) ? random.between(-1, 3) : random.between(0, 200));
    // As somebody writes it: 19 times 0.03 is 0.57.
    return Number((count * step).toPrecision(15));
  }

  private textFor(atoms: readonly Formula[]): string {
    const { random, vocabulary } = this;
    const [inside, notIn]: [string[], string[]] = [[], []];
    let [min, max] = [0, Number.POSITIVE_INFINITY];
    for (const atom of atoms) {
      if (atom.kind === 'pattern') (atom.holds ? inside : notIn).push(atom.source);
      if (atom.kind === 'format' && atom.holds && random.chance(0.9)) return textOfFormat(random, atom.name) ?? '';
      if (atom.kind === 'length' && atom.of === 'string' && atom.side === 'min') min = Math.max(min, atom.count);
      if (atom.kind === 'length' && atom.of === 'string' && atom.side === 'max') max = Math.min(max, atom.count);
    }
    if (inside.length + notIn.length > 0 && random.chance(0.9)) {
      const word = wordIn({ inside, notIn, min: random.chance(0.3) ? Math.min(min + 1, max) : min, max });
      if (typeof word === 'string') return word;
    }
    const known = vocabulary.values.filter((value): value is string => typeof value === 'string');
    if (min === 0 && random.chance(0.5)) return random.pick([...known, '']) ?? '';
    return 'a'.repeat(Math.min(Math.max(min, Math.min(max, min + random.between(0, 1))), 5_000));
  }

  private listFor(atoms: readonly Formula[], depth: number): unknown[] {
    const { random } = this;
    let [min, max] = [0, ITEMS_MAX];
    const wanted: Formula[] = [];
    for (const atom of atoms) {
      if (atom.kind === 'length' && atom.of === 'array') {
        if (atom.side === 'min') min = Math.max(min, Math.min(atom.count, 200));
        else max = Math.min(max, atom.count);
      }
      if (atom.kind === 'count' && atom.side === 'min')
        for (let count = 0; count < Math.min(atom.count, 50); count++) wanted.push(atom.schema);
      if (atom.kind === 'unique' && !atom.holds) min = Math.max(min, 2);
    }
    const length = random.chance(0.9)
      ? random.between(Math.min(min, max), Math.max(min, Math.min(max, min + 2)))
      : random.between(0, 3);
    const list: unknown[] = [];
    for (let index = 0; index < Math.max(length, Math.min(wanted.length, max)); index++) {
      const schema = itemSchema(atoms, index) ?? wanted[index - (length - wanted.length)] ?? wanted[index];
      if (index > 0 && random.chance(0.15)) list.push(list[index - 1]);
      else if (schema) list.push(this.value(schema, depth + 1));
      else list.push(this.anything());
    }
    return list;
  }

  private objectFor(atoms: readonly Formula[], depth: number): unknown {
    const { random, vocabulary } = this;
    const schemas = new Map<string, Formula[]>();
    const wanted = new Set<string>();
    let min = 0;
    for (const atom of atoms) {
      if (atom.kind === 'present' && atom.holds) wanted.add(atom.name);
      if (atom.kind === 'property') schemas.set(atom.name, [...(schemas.get(atom.name) ?? []), atom.schema]);
      if (atom.kind === 'length' && atom.of === 'object' && atom.side === 'min')
        min = Math.max(min, Math.min(atom.count, 50));
      if (atom.kind === 'some') {
        const name = this.value(atom.names, depth + 1);
        if (typeof name === 'string') schemas.set(name, [atom.schema]);
        if (typeof name === 'string') wanted.add(name);
      }
    }
    for (const name of schemas.keys()) if (random.chance(0.4)) wanted.add(name);
    while (random.chance(0.3)) wanted.add(random.pick([...vocabulary.names, 'zz']) ?? 'zz');
    for (let count = 0; wanted.size < min; count++) wanted.add(vocabulary.names[count] ?? `p${count}`);
    const rules = atoms.filter((atom) => atom.kind === 'each');
    return objectOf(
      [...wanted].map((name) => {
        const own = schemas.get(name) ?? [];
        const general = rules.flatMap((rule) =>
          rule.kind === 'each' && evaluate(rule.names, name) ? [rule.schema] : [],
        );
        const schema = random.pick([...own, ...general]);
        return [name, schema ? this.value(schema, depth + 1) : this.anything()] as const;
      }),
    );
  }

  private anything(): unknown {
    const { random, vocabulary } = this;
    return random.pick([...vocabulary.values, null, true, 0, 1, 1.5, 'a', '', [], {}, [null], { zz: 1 }]);
  }

  private isLarge(depth: number): boolean {
    return depth > DEPTH_MAX || this.size > SIZE_MAX;
  }
}

function itemSchema(atoms: readonly Formula[], index: number): Formula | undefined {
  for (const atom of atoms) if (atom.kind === 'item' && atom.index === index) return atom.schema;
  return undefined;
}

/** Collects what has to hold on a way through the alternatives. */
class Choice {
  private looks = 0;

  constructor(
    private readonly random: RandomStream,
    private readonly atoms: Formula[],
  ) {}

  /** The types that are left. */
  among(formula: Formula, mask: number, depth: number): number {
    if (depth > 60 || ++this.looks > PARTS_MAX) return mask;
    switch (formula.kind) {
      case 'and': {
        let left = mask;
        for (const part of formula.parts) left &= this.among(part, left, depth + 1);
        return left;
      }
      case 'or': {
        const part = this.random.pick(formula.parts);
        return part ? this.among(part, mask, depth + 1) : mask;
      }
      case 'reference':
        return this.among(formula.unfold(), mask, depth + 1);
      case 'type':
        return mask & formula.mask;
      case 'true':
      case 'false':
        return mask;
      default:
        this.atoms.push(formula);
        return mask;
    }
  }
}

/** What formulas name. Stops after many: a hint is enough. */
export function vocabularyOf(formulas: readonly Formula[]): Vocabulary {
  const names = new Set<string>();
  const values = new Map<string, unknown>();
  const seen = new Set<number>();
  const queue = [...formulas];
  for (const formula of queue) {
    if (seen.has(formula.id) || seen.size > 3_000) continue;
    seen.add(formula.id);
    if ('parts' in formula) queue.push(...formula.parts);
    if ('schema' in formula) queue.push(formula.schema);
    if ('names' in formula) queue.push(formula.names);
    if (formula.kind === 'reference') queue.push(formula.unfold());
    if (formula.kind === 'property' || formula.kind === 'present') names.add(formula.name);
    if (formula.kind === 'values') for (const [key, value] of formula.values) values.set(key, value);
    if (formula.kind === 'bound')
      for (const offset of [0, 1, -1]) values.set(keyOf(formula.limit + offset), formula.limit + offset);
    if (values.size > 400 || names.size > 400) break;
  }
  return { names: [...names], values: [...values.values()] };
}
