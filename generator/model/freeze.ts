/** Freezes plain objects and arrays all the way down; maps become unchangeable too. Values of documents (already frozen by nobody) are left alone. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const item of value.values()) deepFreeze(item);
    return closeMap(value);
  }
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
  return value;
}

function closeMap<T extends Map<unknown, unknown>>(map: T): T {
  const refuse = (): never => {
    throw new TypeError('the model is read-only');
  };
  return Object.freeze(Object.assign(map, { set: refuse, delete: refuse, clear: refuse }));
}
