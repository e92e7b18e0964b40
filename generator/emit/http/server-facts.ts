import { payloadFields } from '../../model/payload-fields.js';
import type { Feature, Model, Operation } from '../../model/types.js';

/**
 * Services that may call an operation, sorted: whoever an `http` edge leads from, or whom its `security` names. Undefined where neither the operation nor an edge asks
 * for credentials, or no edge leads there: then it is open, or open to everybody with credentials.
 */
export function allowedCallers(model: Model, operation: Operation): readonly string[] | undefined {
  const edges = model.http.filter(
    ({ to, operations }) => to === operation.service && operations.some(({ id }) => id === operation.id),
  );
  const secured =
    (operation.definition.security ?? []).length > 0 || edges.some(({ security }) => security !== undefined);
  if (!secured || edges.length === 0) return undefined;
  const callers = edges.flatMap(({ from, security }) => {
    const named = security?.allow.filter((name) => model.services.has(name)) ?? [];
    return named.length > 0 ? named : [from];
  });
  return [...new Set(callers)].sort();
}

/** Dotted paths of the properties with `x-pii: true` in the bodies that an operation takes. Sorted. */
export function personalBodyPaths(model: Model, { definition }: Operation): readonly string[] {
  const paths = (definition.requestBody?.bodies ?? []).flatMap(({ schema }) =>
    schema === undefined
      ? []
      : payloadFields(model, schema).flatMap(({ path, schema: field }) => (field['x-pii'] === true ? [path] : [])),
  );
  return [...new Set(paths)].sort();
}

/** Flags that switch an operation. None when one of its features is always there: it must not go with another one. */
export function flagsOf(model: Model, operation: Operation): readonly NonNullable<Feature['flag']>[] {
  const flags = operation.features.map((name) => {
    const flag = model.features.get(name)?.flag;
    const reads = flag !== undefined && (flag.services.length === 0 || flag.services.includes(operation.service));
    return reads ? flag : undefined;
  });
  return flags.every((flag) => flag !== undefined) ? flags : [];
}
