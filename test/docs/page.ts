/** One fenced block of a page that is more than an illustration. */
export type Block = FileBlock | RunBlock;

export interface FileBlock {
  readonly kind: 'file';
  readonly path: string;
  readonly text: string;
}

export interface RunBlock {
  readonly kind: 'run';
  readonly calls: readonly Call[];
  /** Of the last command. */
  readonly exitCode: number;
  /** Where the commands stand in the page. */
  readonly start: number;
  readonly end: number;
}

export interface Call {
  /** After the `$ `. */
  readonly command: string;
  /** What the page says it prints. */
  readonly output: readonly string[];
}

const FENCE = /^```(\S+)([^\n]*)\n([\s\S]*?)^```$/gm;

/**
 * The blocks of a page, in order: ```` ```yaml file=PATH ```` is written, ```` ```console run ```` is run, with `exit=N` where the last command does not end in 0.
 * GitHub shows neither word. Every other block is only text.
 */
export function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(FENCE)].flatMap((match): readonly Block[] => {
    const [whole, , info = '', body = ''] = match;
    const file = /(?:^|\s)file=(\S+)/.exec(info)?.[1];
    if (file !== undefined) return [{ kind: 'file', path: file, text: body }];
    if (!/(^|\s)run(\s|$)/.test(info)) return [];
    const end = match.index + whole.length - '```'.length;
    const exitCode = Number(/exit=(\d+)/.exec(info)?.[1] ?? 0);
    return [{ kind: 'run', calls: callsOf(body), exitCode, start: end - body.length, end }];
  });
}

function callsOf(body: string): readonly Call[] {
  const calls: { command: string; output: string[] }[] = [];
  for (const line of body.replace(/\n$/, '').split('\n')) {
    if (line.startsWith('$ ')) calls.push({ command: line.slice(2), output: [] });
    else calls.at(-1)?.output.push(line);
  }
  return calls;
}

/** Whether what was printed is what the page shows. Durations and the number of rules may differ; a line with nothing but `…` stands for any number of lines. */
export function agrees(shown: readonly string[], printed: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return printed.length === 0;
  if (first.trim() === '…') return printed.some((_, at) => agrees(rest, printed.slice(at))) || agrees(rest, []);
  return printed.length > 0 && timeless(first) === timeless(printed[0] ?? '') && agrees(rest, printed.slice(1));
}

function timeless(line: string): string {
  const still = line.trimEnd().replace(/\b\d+(\.\d+)? (ms|s)\b/g, '0 s');
  // A new rule must not change every page that shows a clean run.
  return still.replace(/\(\d+ rules, /, '(0 rules, ');
}
