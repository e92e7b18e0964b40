import ucs2lengthModule from 'ajv/dist/runtime/ucs2length.js';
import formatsModule from 'ajv-formats/dist/formats.js';
import { redactPointer } from './redact.js';

/** What a generated validator says about a value that breaks its contract: one entry per broken keyword, the first one decisive. */
export interface ValidationError {
  /** JSON pointer of the offending value; `` for the message itself. */
  readonly instancePath: string;
  /** JSON pointer of the broken keyword, within the schema that was violated. */
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/**
 * A generated validator: true when `data` keeps the contract. It never throws and never changes `data`.
 * `errors` belongs to the last call and is null after a valid one; read it before calling again.
 */
export type Validator<T> = ((data: unknown) => data is T) & { errors?: readonly ValidationError[] | null };

/**
 * Sentence for logs and dead letters, such as `/entityData/id must be string; /op must be equal to one of the allowed values`. At most `max` errors are told.
 * It quotes no value; keys that the payload chose are left out at and below the paths of `personal`.
 */
export function formatErrors(
  errors: readonly ValidationError[] | null | undefined,
  max = 5,
  personal?: readonly string[],
): string {
  const list = errors ?? [];
  const told = list
    .slice(0, max)
    .map((error) => `${redactPointer(personal, error.instancePath) || 'message'} ${error.message ?? error.keyword}`);
  if (list.length > max) told.push(`${list.length - max} more`);
  return told.join('; ');
}

/**
 * Deep equality of JSON values; called by generated validators (`const`, `enum`, `uniqueItems`). Not the one that comes with Ajv, which calls `valueOf` and
 * `toString` of what it compares: those are properties that a payload may have itself, and then it throws.
 */
export const equal = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => equal(item, b[at]));
  }
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && equal(Reflect.get(a, name), Reflect.get(b, name)))
  );
};

const countedLength = interop<(text: string) => number>(ucs2lengthModule as never);

/**
 * Length of a string in code points; called by generated validators (`minLength`, `maxLength`). One without surrogates, as most are, has as many as
 * units, and need not be counted one by one.
 */
export const ucs2length = (text: string): number => (/[\ud800-\udfff]/.test(text) ? countedLength(text) : text.length);

/** Checks behind the `format` keyword, by format name; called by generated validators. */
export const formats: { readonly fullFormats: Readonly<Record<string, unknown>> } = formatsModule as unknown as {
  readonly fullFormats: Readonly<Record<string, unknown>>;
};

/** The package is CommonJS with a `default` member; Node hands over the whole module, some bundlers only the member. */
function interop<F>(module: F | { readonly default: F }): F {
  return typeof module === 'function' ? module : (module as { readonly default: F }).default;
}
