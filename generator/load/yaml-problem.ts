/** A mistake in the text itself, at an offset. */
export interface SyntaxProblem {
  readonly offset: number;
  readonly message: string;
  readonly fix: string;
  readonly related?: { readonly offset: number; readonly message: string };
}

/** Levels of nesting that are read. */
export const DEPTH_MAX = 200;
/** Mistakes told of one file; the ones after are mostly echoes. */
export const PROBLEMS_MAX = 3;

/** The part of the library's error that is used. */
interface LibraryError {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

export function duplicateKey(key: string, offset: number, first: number): SyntaxProblem {
  return {
    offset,
    message: `key "${key}" stands twice in one mapping.`,
    fix: 'remove one, or join the two.',
    related: { offset: first, message: 'first here' },
  };
}

export function manyDocuments(offset: number): SyntaxProblem {
  return { offset, message: 'the file holds more than one YAML document.', fix: 'split it at "---" into files.' };
}

export function tooDeep(offset: number): SyntaxProblem {
  return {
    offset,
    message: `values are nested deeper than ${DEPTH_MAX} levels.`,
    fix: 'name inner parts and use $ref.',
  };
}

const FIXES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces.',
  BAD_INDENT: 'align this line with its siblings.',
  BLOCK_AS_IMPLICIT_KEY: 'put a value that holds ": " in quotes, or correct the indentation.',
  MULTILINE_IMPLICIT_KEY: 'write "key: value"; a colon or its space is missing, or the indentation is off.',
  MISSING_CHAR: 'close the bracket or quote, or add the missing comma or colon.',
  UNEXPECTED_TOKEN: 'put text that starts with a special character in quotes.',
  BAD_SCALAR_START: 'put text that starts with "@" or a backtick in quotes.',
  BAD_DQ_ESCAPE: 'write "\\\\" for a backslash, or use single quotes.',
  TAG_RESOLVE_FAILED: 'remove the tag; contracts hold plain values.',
};

/** One mistake often makes the library stumble several times at one place. */
export function firstOf(errors: readonly LibraryError[]): readonly SyntaxProblem[] {
  // The library takes the end of its own stack for a mistake in the text, at each level on the way out.
  const deep = errors.find((error) => error.message.startsWith('Maximum call stack'));
  if (deep !== undefined) return [tooDeep(deep.pos[0])];
  const places = new Map<number, LibraryError>();
  for (const error of errors) if (!places.has(error.pos[0])) places.set(error.pos[0], error);
  return [...places.values()].slice(0, PROBLEMS_MAX).map(fromLibrary);
}

function fromLibrary(error: LibraryError): SyntaxProblem {
  const text = error.message
    .replace(/^Missing closing (["'])quote/, 'a text that begins with $1 is not closed')
    .replace(/\s+/g, ' ')
    .replace(/\.$/, '');
  // A bracket that nobody closes ends at the next line, which the library then finds too little indented.
  const code = error.code === 'BAD_INDENT' && /end with a [\]}]$/.test(text) ? 'MISSING_CHAR' : error.code;
  return { offset: error.pos[0], message: `${text}.`, fix: FIXES[code] ?? 'correct the YAML here.' };
}
