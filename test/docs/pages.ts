import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
export const DOCS = join(ROOT, 'docs');

/** A Markdown file of the project. */
export interface Page {
  /** Relative to the project, forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly fences: readonly Fence[];
}

/** A fenced block. */
export interface Fence {
  readonly language: string;
  /** What follows the language on its line, such as `file=a.ts` or `run`. */
  readonly info: string;
  readonly text: string;
  /** Of its first line inside the fence, from 1. */
  readonly line: number;
}

/** Every page a person reads: those at the root and those below `docs`. */
export function readPages(): readonly Page[] {
  const below = readdirSync(DOCS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join(DOCS, path));
  const paths = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].map((name) => join(ROOT, name));
  return [...paths, ...below.sort()].map((path) => readPage(relative(ROOT, path).split(sep).join('/')));
}

export function readPage(path: string): Page {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, fences: fencesOf(text) };
}

/** Throws for a fence that is never closed: the rest of the page would be code. */
export function fencesOf(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  let open: (Omit<Fence, 'text'> & { readonly lines: string[] }) | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const mark = /^\s*```(\S*)\s*(.*)$/.exec(line);
    if (mark === null) open?.lines.push(line);
    else if (open === undefined) open = { language: mark[1] ?? '', info: mark[2] ?? '', line: index + 2, lines: [] };
    else {
      const { lines, ...rest } = open;
      fences.push({ ...rest, text: lines.join('\n') });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`the fence at line ${open.line - 1} is never closed`);
  return fences;
}

/** The path that the first line of a block names in a comment: `# contracts/books/feature.yaml`, `// order.ts`. */
export function fileNamedIn(text: string): string | undefined {
  return /^(?:#|\/\/) ((?:[\w.-]+\/)*[\w.-]+\.[a-z]+)(?=\n|$)/.exec(text)?.[1];
}
