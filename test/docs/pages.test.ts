import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { agrees, blocksOf, type RunBlock } from './page.js';
import { ROOT, Sandbox } from './sandbox.js';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((path) => `docs/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md'))
    .sort(),
];
const texts = new Map(pages.map((page) => [page, readFileSync(join(ROOT, page), 'utf8')]));

const UPDATE = process.env.UPDATE_DOCS === '1';

/** UPDATE_DOCS=1 writes what the commands print into the pages; read the difference. */
describe('what the pages show is what happens', () => {
  for (const [page, text] of texts) {
    const blocks = blocksOf(text);
    if (!blocks.some(({ kind }) => kind === 'run')) continue;
    it(page, { timeout: 180_000 }, async () => {
      const sandbox = new Sandbox();
      afterAll(() => sandbox.remove());
      const updates: { readonly block: RunBlock; readonly body: string }[] = [];
      for (const block of blocks) {
        if (block.kind === 'file') {
          sandbox.write(block.path, block.text);
          continue;
        }
        const body: string[] = [];
        let exitCode = 0;
        for (const { command, output } of block.calls) {
          const printed = await sandbox.run(command);
          exitCode = printed.exitCode;
          const right = agrees(output, printed.lines);
          if (!right && !UPDATE) expect(printed.lines, `${place(page, text, block)} ${command}`).toEqual(output);
          body.push(`$ ${command}`, ...(right ? output : printed.lines));
        }
        if (!UPDATE) expect(exitCode, place(page, text, block)).toBe(block.exitCode);
        updates.push({ block, body: body.map((line) => `${line}\n`).join('') });
      }
      // From the end, so that the places before stay where they are.
      const updated = updates.reduceRight(
        (page, { block, body }) => page.slice(0, block.start) + body + page.slice(block.end),
        text,
      );
      if (UPDATE && updated !== text) writeFileSync(join(ROOT, page), updated);
    });
  }
});

function place(page: string, text: string, { start }: RunBlock): string {
  return `${page}:${text.slice(0, start).split('\n').length}`;
}

describe('links', () => {
  it.each([...texts])('%s leads to files and headings that are there', (page, text) => {
    const links = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(
      ([, link = '']) => link,
    );
    const broken = links.filter((link) => {
      const [path = '', heading] = link.split('#');
      const target = path === '' ? page : posix.join(dirname(page), path);
      if (!existsSync(join(ROOT, target))) return true;
      return heading !== undefined && !headings(texts.get(target) ?? '').has(heading);
    });
    expect(broken).toEqual([]);
  });
});

describe('the test of pages', () => {
  const page =
    '# A\n```yaml file=a/b.yaml\nx: 1\n```\n```console run exit=1\n$ npx seamwright check\none 1.5 s\n…\nlast\n```\n```ts\nnot run\n```\n';

  it('reads files and runs, and nothing else', () => {
    const [file, run, ...others] = blocksOf(page);
    expect(file).toEqual({ kind: 'file', path: 'a/b.yaml', text: 'x: 1\n' });
    const calls = [{ command: 'npx seamwright check', output: ['one 1.5 s', '…', 'last'] }];
    expect(run).toMatchObject({ kind: 'run', calls, exitCode: 1 });
    expect(run?.kind === 'run' && page.slice(run.start, run.end)).toBe('$ npx seamwright check\none 1.5 s\n…\nlast\n');
    expect(others).toEqual([]);
  });

  it.each([
    [['one 1.5 s', '…', 'last'], ['one 7 s', 'two', 'three', 'last'], true],
    [['one', '…', 'last'], ['one', 'last'], true],
    [['one', '…'], ['one', 'more'], true],
    [['one'], ['one', 'more'], false],
    [['one', 'more'], ['one'], false],
    [['one', '…', 'last'], ['one', 'two'], false],
    [['2 findings'], ['3 findings'], false],
  ])('%j against %j: %s', (shown, printed, expected) => {
    expect(agrees(shown, printed)).toBe(expected);
  });
});

/** What a link may lead to within a page: its headings, and the anchors that tables set. */
function headings(markdown: string): ReadonlySet<string> {
  const anchors = [...markdown.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id);
  const titles = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set([...anchors, ...titles]);
}
