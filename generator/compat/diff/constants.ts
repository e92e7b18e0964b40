import type { Position } from '../../diagnostics/position.js';
import type { Feature, Model } from '../../model/types.js';
import { canonicalJson } from '../../schema/edges.js';
import { lookUp } from '../../schema/look-up.js';
import { escapeToken } from '../../schema/ref.js';
import type { Change } from '../change.js';
import { compareNouns, type NounTable } from './nouns.js';
import { pairs } from './pairs.js';

/** A value that services have agreed on by name. */
interface Constant {
  readonly value: unknown;
  readonly features: readonly string[];
  readonly at: Position;
}

/** `constants:` of features, and component schemas that are one value: both are compiled into every service that uses them. */
export function constantChanges(before: Model, after: Model): Iterable<Change> {
  return compareNouns(pairs(constantsOf(before), constantsOf(after), shape), table);
}

const table: NounTable<Constant> = {
  noun: 'constant',
  subject: (name) => `constant:${name}`,
  features: (constant) => constant.features,
  at: (constant) => constant.at,
  settings: ({ value }) => ({ value }),
};

/** A flag or a small number says too little to know a constant again by. */
function shape({ value }: Constant): string | undefined {
  return typeof value === 'string' && value !== '' ? canonicalJson(value) : undefined;
}

/** The same name in two features is one constant, with the first one's value: so it is generated. */
function constantsOf(model: Model): ReadonlyMap<string, Constant> {
  const found = new Map<string, Constant>();
  for (const feature of model.features.values()) {
    for (const [name, value] of Object.entries(feature.constants)) {
      const known = found.get(name);
      const features = [...(known?.features ?? []), feature.name];
      found.set(name, {
        value: known === undefined ? value : known.value,
        features,
        at: known?.at ?? placeOf(model, feature, name),
      });
    }
  }
  for (const { name, ref, at } of model.schemas) {
    const value = constantOf(lookUp(model.documents, ref)?.value);
    if (value !== undefined && !found.has(name)) found.set(name, { value: value.value, features: [], at });
  }
  return found;
}

/** The entry of the feature's file; the feature itself when that cannot be told. */
function placeOf(model: Model, feature: Feature, name: string): Position {
  const [path] = [...model.files].find(([, shown]) => shown === feature.at.file) ?? [];
  return path === undefined ? feature.at : model.locate({ file: path, pointer: `/constants/${escapeToken(name)}` });
}

function constantOf(schema: unknown): { readonly value: unknown } | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined;
  for (const key of ['const', 'x-constant']) {
    if (Object.hasOwn(schema, key)) return { value: (schema as Readonly<Record<string, unknown>>)[key] };
  }
  return undefined;
}
