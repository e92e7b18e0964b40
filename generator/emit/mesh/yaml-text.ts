import { commentText } from '../names.js';

/** YAML 1.2 with comments at its head; several documents are set apart by `---`. Members that are undefined are left out. */
export function yamlText(comments: readonly string[], ...documents: readonly unknown[]): string {
  const head = comments.map((line) => `# ${commentText(line)}`.trimEnd());
  const parts = documents.map((document) => lines(document, '').join('\n'));
  return `${head.join('\n')}\n${parts.map((part) => `---\n${part}\n`).join('')}`;
}

function lines(value: unknown, indent: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => itemLines(item, indent));
  return members(value as object).flatMap(([key, member]) => {
    const name = `${indent}${scalar(key)}:`;
    if (isEmpty(member) || typeof member !== 'object' || member === null) return [`${name} ${scalar(member)}`];
    return [name, ...lines(member, `${indent}  `)];
  });
}

function itemLines(item: unknown, indent: string): readonly string[] {
  if (isEmpty(item) || typeof item !== 'object' || item === null) return [`${indent}- ${scalar(item)}`];
  const [first = '', ...rest] = lines(item, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

function members(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) ? value.length === 0 : members(value).length === 0;
}

/** Text in quotes unless nothing in it could be read as anything else; JSON text is YAML, too. */
function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[A-Za-z_/][A-Za-z0-9_./-]*$/.test(value) && !words.test(value) ? value : JSON.stringify(value);
}

/** What some reader of YAML takes for a boolean or for nothing. */
const words = /^(true|false|null|yes|no|on|off|y|n)$/i;
