import ts from 'typescript';
import type { Law } from '../law.js';
import { lineOf, type Module, visit } from '../module.js';

/** Each of these silences the compiler, or puts off what should be decided now. */
export const strictness: Law = {
  name: 'no any, no non-null assertions, no silenced compiler, no unfinished work',
  breaches: (code) => [...code.values()].filter(({ path }) => !path.startsWith('generated/')).flatMap(breachesIn),
  broken: {
    any: { 'runtime/a.ts': 'export const a = (b: any) => b;' },
    'any inside a type': { 'runtime/a.ts': 'export type A = ReadonlyMap<string, any>;' },
    'a cast to any': { 'runtime/a.ts': 'export const a = 1 as any;' },
    'a non-null assertion': { 'runtime/a.ts': 'export const a = (b: readonly string[]) => b[0]!.length;' },
    'a definite assignment': { 'runtime/a.ts': 'export class A { b!: string; }' },
    'a silenced error': { 'runtime/a.ts': '// @ts-expect-error later\nexport const a: string = 1;' },
    // Written in two parts, because this file is read by the law as well.
    'work put off': { 'runtime/a.ts': `// ${'TO'}${'DO'}: later` },
    'an unfinished part': { 'runtime/a.ts': `// ${'FIX'}${'ME'} broken` },
  },
  kept: {
    'the word in text': { 'runtime/a.ts': `export const a = 'any'; // in any case` },
    'an assertion of difference': { 'runtime/a.ts': 'export const a = (b: string) => b !== "";' },
  },
};

const SILENCED = /@ts-(ignore|expect-error|nocheck)|biome-ignore-all/;
const UNFINISHED = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`);

function breachesIn({ path, ast, text }: Module): readonly string[] {
  const found: string[] = [];
  visit(ast, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword)
      found.push(`${path}:${lineOf(ast, node)} any; use unknown, or say what it is`);
    const definite = ts.isPropertyDeclaration(node) && node.exclamationToken !== undefined;
    if (ts.isNonNullExpression(node) || definite)
      found.push(`${path}:${lineOf(ast, node)} a non-null assertion; handle the absent case`);
  });
  for (const [index, line] of text.split('\n').entries()) {
    // A test may say that something must not compile: it fails as soon as it does.
    const isSample =
      path.startsWith('test/house/laws/') || (path.startsWith('test/') && /@ts-expect-error\b.{10,}/.test(line));
    if (!isSample && SILENCED.test(line)) found.push(`${path}:${index + 1} a silenced compiler; mend the type`);
    if (UNFINISHED.test(line)) found.push(`${path}:${index + 1} unfinished work; finish it, or write an issue`);
  }
  return found;
}
