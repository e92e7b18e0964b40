import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, relative, sep } from 'node:path';
import type { Finding } from '../diagnostics/finding.js';
import { nearest } from '../diagnostics/nearest.js';
import { type Position, startOf } from '../diagnostics/position.js';
import type { Source } from './documents.js';
import { parseJson } from './json.js';
import { Layout, type Parsed } from './layout.js';
import { parseYaml } from './yaml.js';

const BYTES_MAX = 256 * 1024 * 1024;

export interface FilesOptions {
  /** Folder that shown paths are relative to. */
  readonly cwd: string;
  /** No file outside this folder is read, symbolic links followed. */
  readonly project: string;
  /** Text by absolute path that stands in for the file on disk, such as an unsaved editor buffer. */
  readonly overlay?: ReadonlyMap<string, string> | undefined;
}

/** Reads each file of a workspace once, and collects what is wrong with them. */
export class Files {
  readonly sources = new Map<string, Source>();
  readonly findings: Finding[] = [];
  private readonly failed = new Set<string>();
  private readonly realProject: string;

  constructor(private readonly options: FilesOptions) {
    this.realProject = realpathSync(options.project);
  }

  /** Absolute folder that no file may leave. */
  get project(): string {
    return this.options.project;
  }

  /** Path as people see it: relative to the working folder, forward slashes. */
  shown(path: string): string {
    return shownPath(this.options.cwd, path);
  }

  /** Relative to the project, forward slashes: the same on every machine. */
  portable(path: string): string {
    return shownPath(this.options.project, path);
  }

  report(...findings: readonly Finding[]): void {
    this.findings.push(...findings);
  }

  /**
   * The parsed file, or undefined after reporting why not (once per file, at `from`, the place that names it).
   * YAML and JSON are parsed; of any other kind only the text is kept, with the value null.
   */
  read(path: string, from: Position = startOf(this.shown(path))): Source | undefined {
    const known = this.sources.get(path);
    if (known !== undefined) return known;
    if (this.failed.has(path)) return undefined;
    const bytes = this.bytes(path, from);
    const source = bytes === undefined ? undefined : this.parse(path, bytes);
    if (source === undefined) this.failed.add(path);
    else this.sources.set(path, source);
    return source;
  }

  private bytes(path: string, from: Position): Uint8Array | undefined {
    const overlaid = this.options.overlay?.get(path);
    if (overlaid !== undefined) return Buffer.from(overlaid);
    const refuse = (rule: string, message: string, fix: string): undefined => {
      this.report({ rule, severity: 'error', message, at: from, fix, unreadable: true });
    };
    const name = this.shown(path);
    try {
      const real = realpathSync(path);
      if (real !== this.realProject && !real.startsWith(this.realProject + sep)) {
        return refuse(
          'load-outside-project',
          `"${name}" lies outside the project folder.`,
          'copy the file into the project; contracts are read from nowhere else.',
        );
      }
      const stat = statSync(real);
      if (stat.isDirectory())
        return refuse('load-not-a-file', `"${name}" is a folder, not a file.`, 'name a file in it.');
      if (!stat.isFile()) return refuse('load-not-a-file', `"${name}" is not a regular file.`, 'name a file.');
      if (stat.size > BYTES_MAX) {
        return refuse(
          'load-too-large',
          `"${name}" has ${stat.size} bytes, more than ${BYTES_MAX}.`,
          'split it with $ref.',
        );
      }
      return readFileSync(real);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      if (code === 'ENOENT' || code === 'ENOTDIR') {
        return refuse('load-missing-file', `file "${name}" does not exist.`, this.fixOfMissing(path));
      }
      if (code === 'ELOOP')
        return refuse('load-not-a-file', `"${name}" is a symbolic link to itself.`, 'remove the link.');
      return refuse('load-unreadable-file', `"${name}" cannot be read (${code}).`, 'check its permissions.');
    }
  }

  /** The likely name among the files beside the missing one, or what to do without. Folders outside of the project are not looked into. */
  private fixOfMissing(path: string): string {
    const otherwise = 'create it, or correct the path.';
    try {
      const folder = realpathSync(dirname(path));
      if (folder !== this.realProject && !folder.startsWith(this.realProject + sep)) return otherwise;
      const guess = nearest(basename(path), readdirSync(folder).sort());
      return guess === undefined ? otherwise : `did you mean "${guess}"?`;
    } catch {
      return otherwise;
    }
  }

  private parse(path: string, bytes: Uint8Array): Source | undefined {
    const file = this.shown(path);
    const text = decode(bytes);
    if (text === undefined) {
      this.report(notUtf8(file, bytes));
      return undefined;
    }
    const result = parserOf(path)(text);
    if ('problems' in result) {
      const layout = new Layout(file, text, NOTHING);
      for (const problem of result.problems) {
        const { offset, message, fix, related } = problem;
        this.report({
          rule: 'yaml-syntax',
          severity: 'error',
          message,
          at: layout.position(offset),
          fix,
          unreadable: true,
          ...(related && { related: [{ at: layout.position(related.offset), message: related.message }] }),
        });
      }
      return undefined;
    }
    const layout = new Layout(file, text, result.parsed);
    return {
      file,
      path,
      text,
      hash: createHash('sha256').update(bytes).digest('hex'),
      value: result.parsed.value,
      at: (path) => layout.at(path),
      keyAt: (path) => layout.keyAt(path),
    };
  }
}

const NOTHING: Parsed = { value: null, start: 0, entriesOf: () => undefined };

function parserOf(path: string): typeof parseYaml {
  const extension = extname(path).toLowerCase();
  if (extension === '.json' || extension === '.avsc') return parseJson;
  if (extension === '.yaml' || extension === '.yml') return parseYaml;
  return () => ({ parsed: NOTHING });
}

/** Forward-slash path of `path` as seen from `from`; `.` for the folder itself. */
export function shownPath(from: string, path: string): string {
  return relative(from, path).split(sep).join('/') || '.';
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function notUtf8(file: string, bytes: Uint8Array): Finding {
  const text = new TextDecoder('utf-8').decode(bytes);
  const at = new Layout(file, text, NOTHING).position(Math.max(0, text.indexOf('\uFFFD')));
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return {
    rule: 'load-encoding',
    severity: 'error',
    message: utf16 ? 'the file is UTF-16, not UTF-8.' : 'the file is not valid UTF-8 from here on.',
    at,
    fix: 'save it as UTF-8.',
    unreadable: true,
  };
}
