import ts from 'typescript';
import type { RenderedFile } from '../../generator/write/manifest.js';
import { MARKER } from './strings.js';

/** What is wrong with generated files, whatever the contracts said: a path that leads out or that no file system takes, text that became code, a document that fell apart. */
export function troubleIn(files: readonly RenderedFile[]): readonly string[] {
  const trouble: string[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    const place = `${file.base}/${file.path}`;
    const say = (what: string): void => void trouble.push(`${JSON.stringify(place)}: ${what}`);
    if (seen.has(place.toLowerCase())) say('two files at one path');
    seen.add(place.toLowerCase());
    if (!safePath(file.path)) say('the path is not safe');
    if (/\.ts$/.test(file.path)) for (const what of troubleInCode(file)) say(what);
    if (/\.json$/.test(file.path)) for (const what of troubleInJson(file.content)) say(what);
    if (/\.md$/.test(file.path)) for (const what of troubleInMarkdown(file.content)) say(what);
  }
  return trouble;
}

/** Names that Windows gives to devices are no file names there. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

function safePath(path: string): boolean {
  return path
    .split('/')
    .every(
      (step) =>
        /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(step) && !step.endsWith('.') && !DEVICE.test(step) && step.length <= 200,
    );
}

function troubleInCode(file: RenderedFile): readonly string[] {
  const trouble: string[] = [];
  const source = ts.createSourceFile(file.path, file.content, ts.ScriptTarget.ES2022, true);
  const { parseDiagnostics } = source as unknown as { readonly parseDiagnostics: readonly ts.Diagnostic[] };
  if (/(?![\n\t])\p{Cc}|[\u2028-\u202e\u2066-\u2069]/u.test(file.content))
    trouble.push('a character that hides or turns text');
  const [mistake] = parseDiagnostics;
  if (mistake !== undefined)
    trouble.push(
      `does not parse: ${ts.flattenDiagnosticMessageText(mistake.messageText, ' ')} near ${JSON.stringify(file.content.slice(Math.max(0, (mistake.start ?? 0) - 80), (mistake.start ?? 0) + 40))}`,
    );
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === MARKER && !isKey(node))
      trouble.push(`text became code: ${node.parent.getText(source).slice(0, 120)}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return trouble;
}

/** A property may be named like the marker: naming is not calling. */
function isKey(node: ts.Identifier): boolean {
  return 'name' in node.parent && node.parent.name === node;
}

function troubleInJson(text: string): readonly string[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [`is no JSON: ${String(error)}`];
  }
}

/** Every table has rows of one width, every fence is closed, no heading or tag or link of a contract is one of the document, and a diagram holds nothing but its own language. */
function troubleInMarkdown(text: string): readonly string[] {
  const trouble: string[] = [];
  let fence = false;
  let width: number | undefined;
  if (/(?!\n)\p{Cc}|[\u2028-\u202e\u2066-\u2069]/u.test(text)) trouble.push('a character that hides or turns text');
  for (const line of text.split('\n')) {
    const told = JSON.stringify(line.slice(0, 160));
    if (line.startsWith('```')) {
      if (line !== (fence ? '```' : '```mermaid')) trouble.push(`a fence that is not ours: ${told}`);
      fence = !fence;
      continue;
    }
    if (fence) {
      if (!/^\s*$|^[^`<>]*$/.test(line.replace(/<br\/>|-+>+|=+>|<-+|--\)|-\)/g, ''))) trouble.push(`diagram: ${told}`);
      if (/javascript:|%%\{|\bclick\b/.test(line.replace(/"[^"]*"/g, '""'))) trouble.push(`diagram: ${told}`);
      if ((line.match(/"/g) ?? []).length % 2 !== 0) trouble.push(`diagram, an open quote: ${told}`);
      continue;
    }
    const plain = line
      .replaceAll(/\\[\\`*_{}[\]<>|#&~$:]/g, '')
      .replace(/(`+)(?!`)(.*?[^`])\1(?!`)/g, (code) => code.replaceAll(/[^|]/g, 'c'));
    if (/<(?!br>|br\/>|sub>|\/sub>)/.test(plain)) trouble.push(`a tag: ${told}`);
    if (/\]\(\s*javascript:|!\[/.test(plain)) trouble.push(`a link: ${told}`);
    const cells = plain.startsWith('|') ? plain.split('|').length : undefined;
    if (cells !== undefined && width !== undefined && cells !== width)
      trouble.push(`a row of ${cells} cells among rows of ${width}: ${told}`);
    width = cells;
  }
  if (fence) trouble.push('a fence that is not closed');
  return trouble;
}
