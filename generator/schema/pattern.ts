/**
 * A regular expression as contracts hold it, rewritten so that it compiles with the `u` flag that validators use.
 *
 * Without `u` a needless backslash (`\-`, `\_`, `\@`) and a dash beside a class (`[\w-.]`) are harmless and common; with it they are errors.
 * Returns undefined when the text is no regular expression either way.
 */
export function unicodePattern(pattern: string): string | undefined {
  if (compiles(pattern)) return pattern;
  const repaired = repair(pattern);
  return compiles(repaired) ? repaired : undefined;
}

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

const MEANINGFUL = /[\^$\\.*+?()[\]{}|/bBcdDfnpPrsStvwWxuk0-9]/;

function repair(pattern: string): string {
  let result = '';
  let inClass = false;
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern.charAt(index);
    if (char === '\\') {
      const next = pattern.charAt(++index);
      if (MEANINGFUL.test(next) || (next === '-' && inClass)) result += `\\${next}`;
      else result += next;
      if (inClass && /[dDsSwW]/.test(next) && pattern.charAt(index + 1) === '-' && pattern.charAt(index + 2) !== ']') {
        result += '\\-';
        index++;
      }
      continue;
    }
    if (char === '[') {
      result += inClass ? '\\[' : '[';
      inClass = true;
    } else if (char === ']' && inClass) {
      result += ']';
      inClass = false;
    } else if (
      inClass &&
      char === '-' &&
      /^\\[dDsSwW]/.test(pattern.slice(index + 1)) &&
      pattern.charAt(index - 1) !== '['
    ) {
      result += '\\-';
    } else if (!inClass && (char === '}' || char === ']') && !closes(result, char)) {
      result += `\\${char}`;
    } else if (!inClass && char === '{' && !/^\{\d+(,\d*)?\}/.test(pattern.slice(index))) {
      result += '\\{';
    } else result += char;
  }
  return result;
}

/** Whether a closing brace ends a quantifier, `\u{...}` or `\p{...}` that stands before it. */
function closes(before: string, char: string): boolean {
  return char === '}' && /(\{\d+(,\d*)?|\\[pPu]\{[\w=]*)$/.test(before);
}
