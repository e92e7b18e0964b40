import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** A service whose only company is timers that hold nobody up. */
const program = `
  import { run } from 'seamwright/runtime';
  await run({ start: async () => console.log('started'), stop: async () => console.log('stopped') });
  console.log('over');
`;

function start(text: string) {
  return spawn(process.execPath, ['-C', 'seamwright-source', '--import', 'tsx', '--input-type=module', '-e', text], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

it('stays until it is told to stop, and stops in order', async () => {
  const child = start(program);
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  while (!out.includes('started')) await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect({ code, out }).toEqual({ code: 0, out: 'started\nstopped\nover\n' });
});

it('ends with the failure to start, and stops what had started by then', async () => {
  const child = start(`
    import { run } from 'seamwright/runtime';
    const good = { start: async () => {}, stop: async () => console.log('stopped') };
    const bad = { start: async () => { throw new Error('no port'); }, stop: async () => {} };
    await run(good, bad).catch((error) => console.log(error.message));
  `);
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const [code] = await once(child, 'exit');
  expect({ code, out }).toEqual({ code: 0, out: 'stopped\nno port\n' });
});
