import { UsageError } from './errors.js';

/** Values for the `{parameters}` of a routing key or topic, by name. */
export type AddressParameters = Readonly<Record<string, string>>;

/**
 * A routing key with its `{parameters}` filled in. Throws `UsageError` when one has no value: a message under a key with braces in it would reach nobody.
 */
export function fillKey(key: string, values: AddressParameters): string {
  return key.replace(/\{([^}]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || value === '') throw new UsageError(`the address "${key}" needs a value for "${name}"`);
    // One word of the key: a dot in it, or a wildcard, would be read as more.
    return value.replace(/[.*#\s]+/g, '-');
  });
}
