import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { withCompiled } from './compiled.js';

/**
 * How good the harness is at finding mistakes: every mutant, on five seeds, by the promise that it has to break; how often it cries wolf over services that
 * have none; and how fast it plays. `npm run mutants [-- --format json --only no-dedupe --seeds 1 --reference 2000 --speed 0 --sql 0]`.
 *
 * It runs as it is published, as plain JavaScript, and with room for the many short-lived objects of a schedule.
 */
process.exitCode = await withCompiled(async (folder) => {
  const command = ['--max-semi-space-size=64', join(folder, 'bench/mutants/measure.js'), ...process.argv.slice(2)];
  return spawnSync(process.execPath, command, { cwd: folder, stdio: 'inherit' }).status ?? 1;
});
