/** Definitions hold small functions, of which the text is what they do; what a validator does is in the schema. */
export function plainDefinition(value: unknown): unknown {
  if (typeof value === 'function') return value.toString();
  if (Array.isArray(value)) return value.map(plainDefinition);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !/^validate/.test(name));
  return Object.fromEntries(members.map(([name, member]) => [name, plainDefinition(member)]));
}
