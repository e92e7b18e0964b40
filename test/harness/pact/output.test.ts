import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

// Pact's native part prints its report to the output of its process, whatever level of logging is asked for.
const program = `
  import { openZoo } from './test/harness/pact/zoo.ts';
  const zoo = await openZoo();
  const results = await zoo.verify((id) => ({ id, nick: 7 }), { 'animal exists': () => {} });
  zoo.remove();
  process.stdout.write(JSON.stringify(results));
`;

describe('what a verification prints', () => {
  it('is nothing but what its caller prints', async () => {
    const child = spawn(
      process.execPath,
      ['-C', 'seamwright-source', '--import', tsx, '--input-type=module', '-e', program],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let out = '';
    let problems = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      problems += chunk.toString();
    });
    const code = await new Promise<number | null>((resolve) => {
      child.once('close', resolve);
    });
    expect({ code, problems }).toEqual({ code: 0, problems: '' });
    const [provider] = JSON.parse(out) as readonly { readonly status: string; readonly failures: readonly unknown[] }[];
    expect(provider?.status).toBe('failed');
    expect(provider?.failures.length).toBeGreaterThan(0);
  }, 60_000);
});
