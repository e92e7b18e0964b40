/** Look-around, references to groups and names of groups, Unicode escapes of JavaScript: what the engine behind Pact, which runs in linear time, lacks or reads otherwise. */
const foreign = /\(\?|\\[1-9]|\\k|\\u|\\c|\[\^?\]|\\p\{(?!L\}|N\}|Lu\}|Ll\}|Nd\})/;

/** Whether other engines read a pattern of JSON Schema as JavaScript does; `example` must match it here. */
export function isPortablePattern(pattern: string, example: unknown): boolean {
  if (foreign.test(pattern) || typeof example !== 'string') return false;
  try {
    return new RegExp(pattern, 'u').test(example);
  } catch {
    return false;
  }
}
