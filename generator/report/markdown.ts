import type { Finding } from '../diagnostics/finding.js';
import { formatPosition } from '../diagnostics/position.js';
import { counted, oneLine, type Reporter, summarise } from './reporter.js';

/** For a comment on a pull request: a heading with the counts, then a table, errors first. */
export const reportMarkdown: Reporter = (findings) => {
  const { errors, warnings, infos } = summarise(findings);
  if (findings.length === 0) return '### seamwright: no findings\n';
  const order = { error: 0, warning: 1, info: 2 } as const;
  const sorted = [...findings].sort((a, b) => order[a.severity] - order[b.severity]);
  return [
    `### seamwright: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}, ${counted(infos, 'info')}`,
    '',
    '| | rule | finding | where |',
    '|---|---|---|---|',
    ...sorted.map(row),
    '',
  ].join('\n');
};

function row({ severity, rule, message, fix, at, related }: Finding): string {
  const places = [at, ...(related ?? []).map((place) => place.at)].map((place) => code(formatPosition(place)));
  const text = fix === undefined ? cell(message) : `${cell(message)}<br>*fix:* ${cell(fix)}`;
  return `| ${severity} | ${code(rule)} | ${text} | ${places.join('<br>')} |`;
}

/** Text of a contract may hold Markdown, HTML and mentions; in a table it must stay text. */
export function cell(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replaceAll('@', '&#64;');
}

/** Within a code span of a table a backtick, a pipe and a backslash cannot all be escaped, so they are replaced. */
export function code(text: string): string {
  return `\`${oneLine(text).replace(/[`|\\]/g, '\ufffd')}\``;
}
