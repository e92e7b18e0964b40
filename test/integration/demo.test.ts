import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { atHand, describeWith, serverKinds } from '../conformance/at-hand.js';

const ROOT = join(import.meta.dirname, '../..');

describe('the demo', () => {
  it('tells its story in one process', async () => {
    expect(await played({})).toContain('in one process: memory broker and PGlite, no server');
  });

  describe('tells the same story on servers', async () => {
    const database = await atHand(serverKinds.postgres);
    for (const kind of [serverKinds.rabbitmq, serverKinds.nats, serverKinds.redis]) {
      const broker = await atHand(kind);
      const both = 'url' in database ? broker : database;
      describeWith(`${kind.name} and postgres`, both, (url) => {
        it.each(['the first time', 'once more, with what the first left behind'])('%s', async () => {
          const databaseUrl = 'url' in database ? database.url : '';
          const story = await played({ SEAMWRIGHT_BROKER_URL: url, SEAMWRIGHT_DATABASE_URL: databaseUrl });
          expect(story).toContain(`on broker ${url.split(':')[0]} and database postgres`);
        });
      });
    }
  });
});

/** What the demo says; it exits 1, which rejects, when a generated consumer is wrong or no naive one is. */
async function played(urls: Readonly<Record<string, string>>): Promise<string> {
  const environment: NodeJS.ProcessEnv = { ...process.env, ...urls };
  if (urls.SEAMWRIGHT_BROKER_URL === undefined) delete environment.SEAMWRIGHT_BROKER_URL;
  if (urls.SEAMWRIGHT_DATABASE_URL === undefined) delete environment.SEAMWRIGHT_DATABASE_URL;
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'demo'], { cwd: ROOT, env: environment });
  expect(stdout).toMatch(/naive consumers: +7 of 8 wrong/);
  expect(stdout).toMatch(/generated consumers: +0 of 8 wrong/);
  return stdout;
}
