import { reportGithub } from './github.js';
import { reportJson } from './json.js';
import { reportJunit } from './junit.js';
import { reportMarkdown } from './markdown.js';
import type { Reporter } from './reporter.js';
import { reportSarif } from './sarif.js';
import { reportText } from './text.js';

/** Reports by the name that `--format` takes. */
export const reporters: Readonly<Record<string, Reporter>> = {
  text: reportText,
  json: reportJson,
  github: reportGithub,
  sarif: reportSarif,
  junit: reportJunit,
  markdown: reportMarkdown,
};
