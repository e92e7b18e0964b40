import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { publishPacts } from '../../../harness/pact/publish-pacts.js';

interface Taken {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly contracts: readonly { readonly providerName: string; readonly content: string }[];
  } & Readonly<Record<string, unknown>>;
}

const pactOf = (consumer: string, provider: string) => ({
  ...{ consumer: { name: consumer }, provider: { name: provider }, interactions: [] },
  metadata: { pactSpecification: { version: '4.0' } },
});

describe('publishing to a Pact broker', () => {
  const pacts = mkdtempSync(join(tmpdir(), 'publish-'));
  const taken: Taken[] = [];
  let answer = { status: 200, body: '{}' };
  let url = '';
  const broker = createServer((incoming, outgoing) => {
    let text = '';
    incoming.on('data', (chunk) => {
      text += chunk;
    });
    incoming.on('end', () => {
      const { method, url: path, headers } = incoming;
      taken.push({ method, path, headers, body: JSON.parse(text) as Taken['body'] });
      outgoing.writeHead(answer.status, {
        'content-type': 'application/json',
        ...(answer.status === 302 && { location: '/elsewhere' }),
      });
      outgoing.end(answer.body);
    });
  });
  beforeAll(async () => {
    for (const [consumer, provider] of [
      ['sales', 'common'],
      ['sales', 'payments'],
      ['community', 'common'],
    ] as const)
      writeFileSync(join(pacts, `${consumer}-${provider}.json`), JSON.stringify(pactOf(consumer, provider)));
    await new Promise<void>((resolve) => {
      broker.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(broker.address() as AddressInfo).port}/broker/`;
  });
  afterEach(() => {
    taken.length = 0;
    answer = { status: 200, body: '{}' };
  });
  afterAll(() => {
    rmSync(pacts, { recursive: true });
    broker.close();
    broker.closeAllConnections();
  });

  it('sends all files of a consumer at once, as they lie on the disk', async () => {
    const version = { sales: '1.4.0', community: '1.0.0' };
    expect(await publishPacts({ url, pacts, version, branch: 'main', tags: ['nightly'] })).toEqual([
      { consumer: 'community', provider: 'common', version: '1.0.0' },
      { consumer: 'sales', provider: 'common', version: '1.4.0' },
      { consumer: 'sales', provider: 'payments', version: '1.4.0' },
    ]);
    expect(taken.map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array(2).fill('POST /broker/contracts/publish'),
    );
    const { contracts = [], ...rest }: Partial<Taken['body']> = taken[1]?.body ?? {};
    expect(rest).toEqual({
      pacticipantName: 'sales',
      pacticipantVersionNumber: '1.4.0',
      branch: 'main',
      tags: ['nightly'],
    });
    expect(contracts.map(({ providerName }) => providerName)).toEqual(['common', 'payments']);
    expect(JSON.parse(Buffer.from(contracts[0]?.content ?? '', 'base64').toString())).toEqual(
      pactOf('sales', 'common'),
    );
  });

  it.each([
    [{ token: 't0p-secret' }, 'Bearer t0p-secret'],
    [{ username: 'ci', password: 't0p-secret' }, `Basic ${Buffer.from('ci:t0p-secret').toString('base64')}`],
  ])('proves who sends', async (auth, header) => {
    await publishPacts({ url, pacts, version: 'abc123', consumer: 'community', auth });
    expect(taken.map(({ headers }) => headers.authorization)).toEqual([header]);
  });

  it('says why the broker refuses, and no secret', async () => {
    const auth = { token: 't0p-secret' };
    answer = { status: 409, body: '{"errors":["this version has another content"]}' };
    await expect(publishPacts({ url, pacts, version: '1', auth })).rejects.toThrow(/answers 409: .*another content/);
    answer = { status: 401, body: 'Bearer t0p-secret?' };
    const refusal = await publishPacts({ url, pacts, version: '1', auth }).catch(String);
    expect(refusal).toMatch(/answers 401: it does not accept the credentials/);
    expect(refusal).not.toMatch(/t0p-secret/);
    answer = { status: 302, body: '' };
    await expect(publishPacts({ url, pacts, version: '1', auth })).rejects.toThrow(/the Pact broker at/);
    expect(taken.map(({ path }) => path)).not.toContain('/elsewhere');
  });

  it('says what is missing', async () => {
    await expect(publishPacts({ url, pacts, version: { sales: '1' } })).rejects.toThrow(
      'no version of "community" is known',
    );
    await expect(publishPacts({ url, pacts, version: '1', consumer: 'nobody' })).rejects.toThrow(
      'there are no Pact files of "nobody"',
    );
    await expect(publishPacts({ url: 'ftp://broker', pacts, version: '1' })).rejects.toThrow('no http(s) URL');
    await expect(publishPacts({ url: 'http://127.0.0.1:1', pacts, version: '1' })).rejects.toThrow(
      'the Pact broker at http://127.0.0.1:1',
    );
    const other = join(pacts, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'a.json'), '{"consumer":1}');
    await expect(publishPacts({ url, pacts: other, version: '1' })).rejects.toThrow(
      'a.json is no Pact file of version 4',
    );
  });
});
