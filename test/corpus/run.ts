import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compile } from './compile.js';
import { type CorpusDocument, corpusDocuments } from './documents.js';
import type { Attempt } from './generate.js';
import { attemptAll } from './pool.js';
import { type Outcome, passes, report } from './report.js';

// npm run corpus -- DIR [PART]: check, generate and compile every document below DIR, or those whose name holds PART.

const BATCH = 25;
const [dir, part = ''] = process.argv.slice(2);

if (dir === undefined) {
  console.error('usage: npm run corpus -- DIR [PART OF A NAME]');
  process.exitCode = 2;
} else {
  const documents = corpusDocuments(resolve(dir)).filter(({ name }) => name.includes(part));
  const outcomes: Outcome[] = [];
  for (let at = 0; at < documents.length; at += BATCH) {
    outcomes.push(...(await runBatch(documents.slice(at, at + BATCH))));
    console.error(`${outcomes.length} of ${documents.length}, ${outcomes.filter(passes).length} pass`);
  }
  console.log(report(outcomes));
  process.exitCode = documents.length === 0 ? 2 : 0;
}

/** The documents generate each on its own; one program compiles them all, since most of its time goes into the libraries. */
async function runBatch(documents: readonly CorpusDocument[]): Promise<readonly Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'seamwright-corpus-'));
  try {
    const jobs = documents.map((document, at) => ({ document, dir: join(folder, `d${at}`) }));
    for (const job of jobs) mkdirSync(job.dir);
    const attempts = new Map<string, Attempt>();
    await attemptAll(jobs, Math.min(4, availableParallelism()), (job, attempt) => attempts.set(job.dir, attempt));
    const compiled = jobs
      .map((_, at) => `d${at}`)
      .filter((_, at) => (attempts.get(jobs[at]?.dir ?? '')?.files ?? 0) > 0);
    const errors = compiled.length === 0 ? new Map<string, readonly string[]>() : await compile(folder, compiled);
    return jobs.map(({ document, dir: home }, at) => ({
      document,
      attempt: attempts.get(home) ?? { files: 0, durationMs: 0, crashed: 'never ran' },
      errors: errors.get(`d${at}`) ?? [],
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
