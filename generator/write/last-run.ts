import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Finding } from '../diagnostics/finding.js';
import type { Workspace } from '../load/documents.js';
import { generatorIdentity, templatePaths } from '../load/templates.js';
import { cacheFolder, recall, remember } from './cache.js';
import { listFiles } from './compare.js';
import { type RenderedFile, sha256 } from './manifest.js';
import type { WriteTarget } from './write.js';

interface Memory {
  readonly generator: string;
  readonly output: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Files below the workspace that could be contracts: a new one is a change. */
  readonly listing: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly skeletons: readonly string[];
  /** What was said then, to be said again. */
  readonly findings: readonly Finding[];
  /** First day on which an acceptance ends, so that the findings may change though no file has. */
  readonly until?: string;
}

/**
 * What went in and came out last time, by hash. When every input and every output is as it was, there is nothing to do, and nothing heavier than hashing is done
 * to find out. Warnings of then are kept too, so that none is swallowed.
 */
export class LastRun {
  private readonly root: string;
  private readonly file: string;

  constructor(dir: string, cwd: string, out: string | undefined) {
    this.root = resolve(cwd, dir);
    // One workspace may be generated into several folders.
    this.file = join(cacheFolder(dir, cwd), `last-run-${sha256(out ?? '').slice(0, 12)}.json`);
  }

  /** The output folder when nothing has changed; undefined when something has, or nothing is known. */
  async unchanged(
    today: string,
  ): Promise<{ readonly output: string; readonly findings: readonly Finding[] } | undefined> {
    const memory = this.read();
    if (memory === undefined || memory.generator !== generatorIdentity()) return undefined;
    if (memory.until !== undefined && today > memory.until) return undefined;
    if (!sameList(contractFiles(this.root), memory.listing)) return undefined;
    if (!Object.entries(memory.inputs).every(([path, hash]) => hashOf(path) === hash)) return undefined;
    if (!memory.skeletons.every((path) => existsSync(path))) return undefined;
    const present = await listFiles(memory.output);
    if (!sameList(present, Object.keys(memory.outputs).sort())) return undefined;
    const same = present.every((path) => hashOf(join(memory.output, path)) === memory.outputs[path]);
    return same ? { output: memory.output, findings: memory.findings } : undefined;
  }

  async remember(
    workspace: Workspace,
    target: WriteTarget,
    files: readonly RenderedFile[],
    findings: readonly Finding[],
  ): Promise<void> {
    const [until] = workspace.settings.accept.flatMap((item) => item.until ?? []).sort();
    const inputs = [...workspace.sources.keys(), join(workspace.project, 'package.json'), ...ownTemplates(workspace)];
    const present = await listFiles(target.output);
    const memory: Memory = {
      findings,
      ...(until === undefined ? {} : { until }),
      generator: generatorIdentity(),
      output: target.output,
      inputs: Object.fromEntries(inputs.map((path) => [path, hashOf(path)])),
      listing: contractFiles(this.root),
      outputs: Object.fromEntries(present.map((path) => [path, hashOf(join(target.output, path))])),
      skeletons: files
        .filter((file) => file.ownership === 'once')
        .map((file) => join(file.base === 'output' ? target.output : target.services, file.path)),
    };
    remember(this.file, JSON.stringify(memory));
  }

  private read(): Memory | undefined {
    const text = recall(this.file);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as Memory;
    } catch {
      return undefined;
    }
  }
}

/** Content hash, or '' when no regular file is there: a pipe or a device may never end. */
function hashOf(path: string): string {
  try {
    return statSync(path).isFile() ? sha256(readFileSync(path)) : '';
  } catch {
    return '';
  }
}

function contractFiles(root: string): readonly string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (/\.(ya?ml|json|avsc)$/i.test(entry.name)) found.push(relative(root, path).split(sep).join('/'));
    }
  };
  if (existsSync(root)) walk(root);
  return found.sort();
}

function ownTemplates(workspace: Workspace): readonly string[] {
  const { templates } = workspace.settings;
  if (templates === undefined || !existsSync(templates)) return [];
  return templatePaths(templates);
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
