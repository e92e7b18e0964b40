import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Language, languageOf } from '../../generator/load/language.js';
import { parseYaml } from '../../generator/load/yaml.js';
import { compileErrors } from '../emit/compile.js';
import { type Fence, fencesOf, fileNamedIn, ROOT, readPages } from './pages.js';

/** A block that only shows something. Those that are written to files and run are tried in `pages.test.ts`. */
interface Snippet extends Fence {
  readonly page: string;
  /** The file of this repository that it is an excerpt of. */
  readonly source?: string;
}

const snippets = readPages().flatMap(({ path, fences }) =>
  fences.filter(({ info }) => !/\b(file=|run\b)/.test(info)).map((fence) => snippetOf(path, fence)),
);

function snippetOf(page: string, fence: Fence): Snippet {
  const name = fileNamedIn(fence.text);
  return { ...fence, page, ...(name !== undefined && existsSync(join(ROOT, name)) && { source: name }) };
}

function named(which: (snippet: Snippet) => boolean): readonly (readonly [string, Snippet])[] {
  return snippets.filter(which).map((snippet) => [`${snippet.page}:${snippet.line}`, snippet]);
}

describe('what a page shows of a file of this repository is in it', () => {
  it.each(named(({ source }) => source !== undefined))('%s', (_, snippet) => {
    expect(missingFrom(readFileSync(join(ROOT, snippet.source ?? ''), 'utf8'), snippet.text)).toEqual([]);
  });

  it('catches what is not', () => {
    expect(missingFrom('a\nb\nc\n', '# x.yaml\na\n…\nc')).toEqual([]);
    expect(missingFrom('a\nb\nc\n', '# x.yaml\na\nc')).toEqual(['a\nc']);
  });
});

/** Parts of an excerpt, between lines of `…`, that are not in the text. Its first line names the file. */
function missingFrom(text: string, excerpt: string): readonly string[] {
  const [, ...lines] = excerpt.split('\n');
  const parts = lines.join('\n').split(/^\s*…$\n?/m);
  return parts.map((part) => part.trimEnd()).filter((part) => !text.includes(part));
}

describe('TypeScript that the pages show', () => {
  const written = snippets.filter(({ language, source }) => language === 'ts' && source === undefined);

  it('compiles in the strictest settings', { timeout: 60_000 }, () => {
    expect(written.length).toBeGreaterThan(5);
    const files = written.map((snippet) => [join(ROOT, pathOf(snippet)), snippet.text] as const);
    expect(compileErrors(new Map(files))).toEqual([]);
  });

  it('would be caught if it did not', { timeout: 60_000 }, () => {
    const [{ text = '' } = {}] = fencesOf(
      "```ts\nimport { memoryBroker } from 'seamwright/runtime';\nmemoryBroker(1);\n```",
    );
    expect(compileErrors(new Map([[join(ROOT, 'docs/wrong.ts'), text]]))).toHaveLength(1);
  });
});

/** A snippet that names a file is compiled as that file, so that its relative imports are right; others lie beside their page. */
function pathOf({ text, page, line }: Snippet): string {
  return fileNamedIn(text) ?? `${page.replace(/\.md$/, '')}.${line}.ts`;
}

describe('a contract that a page shows is valid', () => {
  it.each(named(({ language, source }) => language === 'yaml' && source === undefined))('%s', (_, { text }) => {
    const result = parseYaml(text);
    if (!('parsed' in result)) return expect(result.problems).toEqual([]);
    const name = /^(feature|seamwright|services)\.yaml$/.exec(fileNamedIn(text) ?? '')?.[1];
    if (name === undefined) return;
    // A page shows the part it speaks of; what every feature begins with is not said again.
    const begun = name === 'feature' ? { name: 'shown', version: '1.0.0' } : {};
    expect(languageOf(name as Language).check({ ...begun, ...(result.parsed.value as object) })).toEqual([]);
  });
});
