const NESTED_MAX = 400;

/**
 * The offset at which flow collections are nested too deep for the library, which goes down a level of the stack for each, and whose regular expressions
 * end the process when they run out of it. Counts brackets outside of quotes; a key at the margin begins anew, since none can stand there inside.
 */
export function deepFlowIn(text: string): number | undefined {
  if (!mayBeDeep(text)) return undefined;
  let depth = 0;
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(text); token; token = TOKEN.exec(text)) {
    const [found] = token;
    if (found === '[' || found === '{') depth++;
    else if (found === ']' || found === '}') depth = Math.max(0, depth - 1);
    else if (found.startsWith('\n')) depth = 0;
    if (depth > NESTED_MAX) return token.index;
  }
  return undefined;
}

/** A bracket, a quoted text on one line, or a key at the margin. */
const TOKEN = /[[\]{}]|(?<=[\s,:[{])(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*')|\n[A-Za-z]/g;

/** Most texts hold fewer brackets than that would take. */
function mayBeDeep(text: string): boolean {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code === 0x5b || code === 0x7b) && ++count > NESTED_MAX) return true;
  }
  return false;
}
