/** Where a value stands in a file the user wrote. `line` and `column` count from 1; `file` is relative to the folder the command runs in, with forward slashes. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `file:line:column`, the form editors and CI logs turn into links. */
export function formatPosition(at: Position): string {
  return `${at.file}:${at.line}:${at.column}`;
}

/** A file as a whole: used when the finding is about its absence or cannot be narrowed. */
export function startOf(file: string): Position {
  return { file, line: 1, column: 1 };
}

/** Orders by file, then line, then column. */
export function comparePositions(a: Position, b: Position): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
