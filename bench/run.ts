import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

// npm run bench -- NAME: one benchmark on the built package, against a named peer measured in the same run.

const benchmarks: Readonly<Record<string, () => Promise<{ readonly main: () => Promise<void> }>>> = {
  generate: () => import('./generate.js'),
  consume: () => import('./consume.js'),
  http: () => import('./http.js'),
  breaking: () => import('./breaking.js'),
  saga: () => import('./saga.js'),
};

const name = process.argv[2] ?? '';
const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
if (load === undefined) {
  console.error(`usage: npm run bench -- NAME\nNAME is one of: ${Object.keys(benchmarks).join(', ')}`);
  process.exitCode = 2;
} else {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: join(import.meta.dirname, '..'), stdio: 'inherit' });
  await (await load()).main();
}
