import type { Finding } from '../diagnostics/finding.js';
import type { Reporter } from './reporter.js';

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** Workflow commands of GitHub Actions: each finding becomes an annotation at its line of the pull request. */
export const reportGithub: Reporter = (findings) => findings.map(annotation).join('');

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands */
function annotation({ severity, rule, message, fix, at }: Finding): string {
  const place = `file=${property(at.file)},line=${at.line},col=${at.column},title=${property(rule)}`;
  return `::${commands[severity]} ${place}::${data(fix === undefined ? message : `${message}\nfix: ${fix}`)}\n`;
}

/** Without this a message could end its line and begin a command of its own. */
function data(text: string): string {
  const encoded = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return encoded.replace(/\p{Cc}/gu, '\ufffd');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
