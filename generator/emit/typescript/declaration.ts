/** A TypeScript type made of names and built-in types: what is left of a shape once every object in it has been declared under a name. */
export type TypeExpression =
  | { readonly kind: 'unknown' | 'never' | 'undefined' | 'null' | 'string' | 'number' | 'boolean' }
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'array'; readonly item: TypeExpression }
  | {
      readonly kind: 'tuple';
      readonly items: readonly TypeExpression[];
      /** How many of `items` are always there. */
      readonly required: number;
      readonly rest?: TypeExpression;
    }
  | { readonly kind: 'dictionary'; readonly value: TypeExpression }
  | { readonly kind: 'union'; readonly of: readonly TypeExpression[] }
  | { readonly kind: 'name'; readonly name: string };

/** What people wrote about a schema; not yet escaped. */
export interface Doc {
  readonly description?: string;
  readonly deprecated?: boolean;
}

export interface PropertyDeclaration {
  /** As on the wire; not yet escaped. */
  readonly key: string;
  readonly type: TypeExpression;
  readonly required: boolean;
  readonly doc: Doc;
}

/** One exported type of a module. */
export type Declaration =
  | {
      readonly kind: 'object';
      readonly name: string;
      readonly doc: Doc;
      readonly properties: readonly PropertyDeclaration[];
      /** Type of undeclared keys, wide enough to cover the declared ones, as an index signature must be. */
      readonly index?: TypeExpression;
      /**
       * Nothing is required and anything may be added. TypeScript refuses to assign an object that shares no key with such a type, although it is
       * valid; written as an intersection with `object` the type loses that check and nothing else.
       */
      readonly weak: boolean;
    }
  | { readonly kind: 'alias'; readonly name: string; readonly doc: Doc; readonly type: TypeExpression };

/** The types that one named schema leads to: itself first, then what is nested in it. */
export interface ModuleDeclarations {
  readonly declarations: readonly Declaration[];
  /** Names of other modules' main types that are used, sorted. */
  readonly uses: readonly string[];
}

/** Union without repetition; `unknown` covers everything, `never` nothing. */
export function unionType(types: readonly TypeExpression[]): TypeExpression {
  const flat = types.flatMap((type) => (type.kind === 'union' ? type.of : [type]));
  if (flat.some((type) => type.kind === 'unknown')) return { kind: 'unknown' };
  const kinds = new Set<string>(flat.map((type) => type.kind));
  const members = new Map<string, TypeExpression>();
  for (const type of flat) {
    if (type.kind === 'never' || (type.kind === 'literal' && kinds.has(typeof type.value))) continue;
    const key = JSON.stringify(type);
    if (!members.has(key)) members.set(key, type);
  }
  const [only, second] = members.values();
  if (!only) return { kind: 'never' };
  return second ? { kind: 'union', of: [...members.values()] } : only;
}
