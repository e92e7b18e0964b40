import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatorVersion } from '../../generator/load/templates.js';
import { generateFiles } from '../../generator/pipeline.js';
import { writeFiles } from '../../generator/write/write.js';
import type { CorpusDocument } from './documents.js';

/** What became of one document before the compiler saw it. */
export interface Attempt {
  readonly files: number;
  readonly durationMs: number;
  /** Absent when code was generated. One line each: `rule: message (file:line)`. */
  readonly refused?: readonly string[];
  /** A crash of ours. */
  readonly crashed?: string;
}

/** Makes a workspace of one document in `dir`, then runs check and generate there. */
export async function attempt(document: CorpusDocument, dir: string): Promise<Attempt> {
  cpSync(document.home, join(dir, 'contracts'), { recursive: true, dereference: false });
  writeFileSync(join(dir, 'package.json'), '{ "name": "corpus", "private": true, "type": "module" }\n');
  writeFileSync(
    join(dir, 'contracts', 'seamwright.yaml'),
    `seamwright: "1"\nsystem: corpus\ncontracts: [${JSON.stringify(document.entry)}]\n`,
  );
  const started = performance.now();
  const finished = (rest: Omit<Attempt, 'durationMs'>): Attempt => ({
    durationMs: performance.now() - started,
    ...rest,
  });
  try {
    const cwd = dir;
    const generated = await generateFiles(join(dir, 'contracts'), { cwd, env: {}, today: '2026-01-01' });
    const { workspace, files, findings } = generated;
    const errors = findings.filter(({ severity, unreadable }) => severity === 'error' || unreadable);
    if (files === undefined || workspace === undefined || errors.length > 0) {
      return finished({
        files: 0,
        refused: errors.map((item) => `${item.rule}: ${item.message} (${item.at.file}:${item.at.line})`),
      });
    }
    const { output, services } = workspace.settings;
    mkdirSync(dir, { recursive: true });
    const target = {
      output,
      shown: 'generated',
      services,
      shownServices: 'services',
      generator: generatorVersion(),
      fingerprint: generated.fingerprint ?? '',
    };
    const written = await writeFiles(target, files, { force: false });
    const failed = written.findings.filter(({ severity }) => severity === 'error');
    if (failed.length > 0)
      return finished({ files: 0, refused: failed.map((item) => `${item.rule}: ${item.message}`) });
    return finished({ files: files.length });
  } catch (error) {
    return finished({ files: 0, crashed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
