import { flattened } from './plain.js';

/** Members of bindings by path, `bindings.kafka.key`. A schema in a binding is compared as text; the version of the binding's own language is nobody's concern. */
export function bindingSettings(bindings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const all = Object.entries(flattened(bindings, 'bindings'));
  return Object.fromEntries(
    all.filter(([path, value]) => !/\.(bindingVersion|description)$/.test(path) && !isEmpty(value)),
  );
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
