import { reportGithub } from '../github.js';
import { reportJunit } from '../junit.js';
import type { Reporter } from '../reporter.js';
import { reportSarif } from '../sarif.js';
import { findingsOf } from './findings.js';
import { breakingJson } from './json.js';
import { breakingMarkdown } from './markdown.js';
import type { BreakingReporter } from './run.js';
import { breakingText } from './text.js';

/** Reports of `breaking` by the name that `--format` takes. */
export const breakingReporters: Readonly<Record<string, BreakingReporter>> = {
  text: breakingText,
  json: breakingJson,
  markdown: breakingMarkdown,
  github: asFindings(reportGithub),
  sarif: asFindings(reportSarif),
  junit: asFindings(reportJunit),
};

function asFindings(report: Reporter): BreakingReporter {
  return (run, options) => report(findingsOf(run), { ...options, command: 'breaking' });
}
