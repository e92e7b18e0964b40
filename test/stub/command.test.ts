import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../generator/cli/command.js';
import { stub } from '../../generator/cli/commands/stub.js';

const ROOT = join(import.meta.dirname, '../..');
const openapi = join(import.meta.dirname, 'documents/shop.openapi.yaml');

/** Runs the command; while it serves, `meanwhile` gets what it has printed. */
async function run(
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
  meanwhile: (out: string) => Promise<void> = async () => {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    cwd: ROOT,
    env: {},
    today: '2026-01-01',
    interactive: false,
    color: false,
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    progress: () => {},
    elapsedMs: () => 0,
    interrupted: () => meanwhile(out.join('\n')),
  };
  const code = await stub({ args, options: { format: 'text', ...options }, io });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

describe('seamwright stub', () => {
  it('serves a document by itself until it is interrupted', async () => {
    let url = '';
    const { code, out } = await run([], { openapi, fault: ['getOrder: status=503'] }, async (printed) => {
      url = /SEAMWRIGHT_URL_SHOP=(\S+)/.exec(printed)?.[1] ?? '';
      const headers = { authorization: 'Bearer token' };
      expect((await fetch(`${url}/orders`, { headers })).status).toBe(200);
      expect((await fetch(`${url}/orders/1`, { headers })).status).toBe(503);
    });
    expect(code).toBe(0);
    expect(out).toContain('# shop: 10 operations');
    await expect(fetch(url)).rejects.toThrow();
  });

  it('serves providers of a workspace side by side, and tells a program in one document', async () => {
    const { code, out } = await run(
      ['service-a', 'service-b'],
      { workspace: 'contracts/mesh', format: 'json' },
      async (printed) => {
        const { stubs } = JSON.parse(printed) as { stubs: { url: string }[] };
        for (const { url } of stubs) expect((await fetch(new URL('/__stub/faults', url))).status).toBe(200);
      },
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      stubs: [{ service: 'service-a' }, { service: 'service-b', variable: 'SEAMWRIGHT_URL_SERVICE_B' }],
    });
  });

  it.each<[string, readonly string[], Readonly<Record<string, unknown>>, string]>([
    ['an unknown service', ['nobody'], { workspace: 'contracts/mesh' }, 'belongs to "nobody"; those with one are'],
    ['a choice that is left open', [], { workspace: 'contracts/mesh' }, 'which service is meant'],
    ['a missing document', [], { openapi: 'no.yaml' }, '"no.yaml" does not exist'],
    ['a missing folder', ['a'], { workspace: 'nowhere' }, '"nowhere" does not exist'],
    ['a fault that nobody knows', [], { openapi, fault: ['explode'] }, 'there is no "explode"'],
    ['a fault of an operation that nobody has', [], { openapi, fault: ['nope: reset'] }, 'no operation "nope"'],
    ['a port that is none', [], { openapi, port: 'http' }, '--port takes a whole number'],
    ['a document and a workspace', [], { openapi, workspace: '.' }, 'leave out --workspace'],
  ])('says what is wrong with %s, and exits with 2', async (_, args, options, text) => {
    const { code, err } = await run(args, options);
    expect([code, err]).toEqual([2, expect.stringContaining(text)]);
    expect(err).toMatch(/^error: .*\.$/s);
  });

  it('says that a port is taken, and frees those that it has', async () => {
    await run([], { openapi }, async (printed) => {
      const port = /:(\d+)\//.exec(printed)?.[1];
      expect(await run([], { openapi, port })).toMatchObject({ code: 2, err: expect.stringContaining('is taken') });
    });
  });
});
