import type { PlannedFault } from '../plan.js';

/** The first field that is missing or of another type than said, in a sentence. `?` behind a type: it may be left out. */
export function refuseFields(
  planned: PlannedFault,
  fields: Readonly<Record<string, 'string' | 'number' | 'boolean' | 'string?' | 'number?' | 'boolean?'>>,
): string | undefined {
  for (const [name, type] of Object.entries(fields)) {
    const value = planned[name];
    if (value === undefined && type.endsWith('?')) continue;
    if (typeof value !== type.replace('?', ''))
      return `"${name}" of the fault "${planned.fault}" must be a ${type.replace('?', '')}`;
    if (typeof value === 'number' && !(Number.isFinite(value) && value >= 0))
      return `"${name}" of the fault "${planned.fault}" must be a number from 0`;
  }
  const unknown = Object.keys(planned).find((name) => name !== 'fault' && !Object.hasOwn(fields, name));
  return unknown === undefined ? undefined : `"${unknown}" is no field of the fault "${planned.fault}"`;
}
