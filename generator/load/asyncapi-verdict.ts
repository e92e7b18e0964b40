import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Finding, Severity } from '../diagnostics/finding.js';
import { formatPosition } from '../diagnostics/position.js';
import { judge, parserVersion, type Remark, type Verdict } from './asyncapi.js';
import type { Source } from './documents.js';
import { expandedSize } from './expanded-size.js';
import type { Files } from './files.js';
import { rootOf } from './place.js';
import { References } from './references.js';

/** A document and every file it reaches, itself included: together they decide the verdict. */
export interface Judged {
  readonly source: Source;
  readonly reached: readonly Source[];
}

/** Findings of the AsyncAPI parser on each document: from the cache when the document and all it reaches are unchanged, else anew (`full`) or not at all (`fast`). */
export async function verdictFindings(
  documents: readonly Judged[],
  files: Files,
  options: { readonly validate: 'full' | 'fast'; readonly cacheDir: string | undefined },
): Promise<readonly Finding[]> {
  const each = documents.map(async (document) => {
    const cached = options.cacheDir === undefined ? undefined : recall(options.cacheDir, document, files);
    if (cached !== undefined) return findingsOf(cached, document, files);
    if (options.validate === 'fast') return [];
    const hopeless = whyHopeless(document, new References(files));
    if (hopeless !== undefined) return findingsOf({ failed: hopeless }, document, files);
    const verdict = await judge(document.source.text, document.source.path, document.reached.length === 1);
    if (options.cacheDir !== undefined && 'remarks' in verdict)
      remember(options.cacheDir, document, verdict.remarks, files);
    return findingsOf(verdict, document, files);
  });
  return distinct((await Promise.all(each)).flat());
}

/** Beyond this the parser takes minutes, and then as often as not runs out of memory. */
const JUDGED_CHARACTERS_MAX = 4_000_000;

/** The parser writes every reference out; a million values take it half a minute. */
const JUDGED_VALUES_MAX = 1_000_000;

function whyHopeless({ source, reached }: Judged, references: References): string | undefined {
  const characters = reached.reduce((sum, file) => sum + file.text.length, 0);
  if (characters > JUDGED_CHARACTERS_MAX) return `${characters.toLocaleString('en')} characters are too many for it`;
  if (expandedSize(rootOf(source), references) > JUDGED_VALUES_MAX)
    return 'with its references written out it is too large for it';
  return reached.some((file) => file.text.includes('__proto__'))
    ? 'it cannot handle a key named "__proto__"'
    : undefined;
}

/** Advice on style that a document without readers outside does not need. */
const STYLE =
  /^(asyncapi-?\d?-)?(info-|tags?|tag-|message-messageId|operation-operationId|operation-description|servers|unused-|id$|channel-servers|component.*unused)/;
/** Follows from another remark at the same place or below. */
const ECHO = /must match "(then|else)" schema/;
/** Our own reading follows references more exactly: the parser takes those in example data for real. */
const COVERED = 'invalid-ref';
/** Urges every document to the newest version, which is no fault of the document. */
const NAG = /latest-version$/;

/** The parser's own next step, at the end of what it says. */
const SUGGESTION = / Did you mean "[^"]*"\?$/;

function findingsOf(verdict: Verdict, { source }: Judged, files: Files): readonly Finding[] {
  if ('failed' in verdict) {
    return [
      {
        rule: 'asyncapi-not-judged',
        severity: 'info',
        message: `the AsyncAPI parser did not judge this document (${firstLine(verdict.failed)}); it was read all the same.`,
        at: source.at([]),
      },
    ];
  }
  return verdict.remarks
    .filter(({ code, message }) => !NAG.test(code) && !ECHO.test(message) && code !== COVERED)
    .map((remark) => {
      const severity = severityOf(remark);
      return {
        rule: `asyncapi-${remark.code.replace(/^asyncapi\d?-/, '')}`,
        severity,
        message: sentence(remark.message.replace(SUGGESTION, '')),
        at: { file: files.shown(remark.path), line: remark.line, column: remark.column },
        ...(severity === 'error' && {
          unreadable: true,
          fix: SUGGESTION.exec(remark.message)?.[0].replace(' Did', 'did') ?? 'correct the document here.',
        }),
      };
    });
}

/** Two documents may reach one file, and each verdict then tells of it. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [
    ...new Map(
      findings.map((finding) => [`${formatPosition(finding.at)} ${finding.rule} ${finding.message}`, finding]),
    ).values(),
  ];
}

function severityOf({ severity, code }: Remark): Severity {
  if (severity === 0) return 'error';
  return severity === 1 && !STYLE.test(code) ? 'warning' : 'info';
}

function sentence(text: string): string {
  const line = firstLine(text);
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').trim();
}

function recall(cacheDir: string, document: Judged, files: Files): Verdict | undefined {
  try {
    const remarks = JSON.parse(readFileSync(cacheFile(cacheDir, document, files), 'utf8')) as Remark[];
    return { remarks: remarks.map((remark) => ({ ...remark, path: resolve(files.project, remark.path) })) };
  } catch {
    // Absent or damaged: judged anew and overwritten.
    return undefined;
  }
}

/** Written beside and then moved, so that two runs at once cannot leave half a file. A cache that cannot be written is no reason to fail. */
function remember(cacheDir: string, document: Judged, remarks: readonly Remark[], files: Files): void {
  const file = cacheFile(cacheDir, document, files);
  const temporary = `${file}.${randomUUID()}`;
  try {
    mkdirSync(cacheDir, { recursive: true });
    writeFileSync(
      temporary,
      JSON.stringify(remarks.map((remark) => ({ ...remark, path: files.portable(remark.path) }))),
    );
    renameSync(temporary, file);
  } catch {
    // Judged again next time.
  }
}

function cacheFile(cacheDir: string, { source, reached }: Judged, files: Files): string {
  const parts = reached.map((file) => [files.portable(file.path), file.hash]).sort();
  const hash = createHash('sha256').update(JSON.stringify([parserVersion(), files.portable(source.path), parts]));
  return join(cacheDir, `asyncapi-${hash.digest('hex').slice(0, 32)}.json`);
}
