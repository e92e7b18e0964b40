import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
export const DOCS = join(ROOT, 'docs');

/** A Markdown file of the project. */
export interface Page {
  /** Relative to the project, forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** A fenced block. */
export interface Block {
  readonly language: string;
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
  return { path, text, blocks: blocksOf(text) };
}

export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { readonly language: string; readonly line: number; readonly lines: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^\s*```(\S*)/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { language: fence[1] ?? '', line: index + 2, lines: [] };
    else {
      blocks.push({ language: open.language, text: open.lines.join('\n'), line: open.line });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`the fence at line ${open.line - 1} is never closed`);
  return blocks;
}

/** The path that the first line of a block names in a comment: `# contracts/books/feature.yaml`, `// order.ts`. */
export function fileNamedIn(text: string): string | undefined {
  return /^(?:#|\/\/) ((?:[\w.-]+\/)*[\w.-]+\.[a-z]+)(?=\n|$)/.exec(text)?.[1];
}

/**
 * Whether shown text is what `actual` says, line by line. `…` within a line stands for any text, a line that holds nothing else for any lines.
 * Answers the first shown line that is not there, or undefined.
 */
export function firstDifference(shown: string, actual: string): string | undefined {
  const wanted = trimmed(shown);
  const given = trimmed(actual);
  let at = 0;
  let skipping = false;
  for (const line of wanted) {
    if (line.trim() === '…') {
      skipping = true;
      continue;
    }
    const found = given.slice(at).findIndex((each) => matches(line, each));
    if (found < 0 || (found > 0 && !skipping)) return line;
    at += found + 1;
    skipping = false;
  }
  return at === given.length || skipping ? undefined : `(nothing more, but there is: ${given[at]})`;
}

function trimmed(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const first = lines.findIndex((line) => line !== '');
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => line !== '') + 1);
}

function matches(shown: string, line: string): boolean {
  const pattern = shown.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(line);
}
