import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ExitCode } from '../../generator/cli/command.js';
import { verifyCommand } from '../../generator/cli/commands/verify.js';
import { publishingOf, publishVerified } from '../../generator/cli/verify/publishing.js';
import type { Level, ScenarioResult, ServiceResult } from '../../harness/result.js';
import { loadSystem } from '../../harness/system.js';

interface Taken {
  readonly authorization: string | undefined;
  readonly body: {
    readonly pacticipantName: string;
    readonly pacticipantVersionNumber: string;
    readonly contracts: readonly { readonly providerName: string }[];
  };
}

const taken: Taken[] = [];
let status = 200;
let url = '';
const broker = createServer((incoming, outgoing) => {
  let text = '';
  incoming.on('data', (chunk) => {
    text += chunk;
  });
  incoming.on('end', () => {
    taken.push({ authorization: incoming.headers.authorization, body: JSON.parse(text) as Taken['body'] });
    outgoing.writeHead(status).end('{}');
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    broker.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(broker.address() as AddressInfo).port}`;
});

beforeEach(() => {
  taken.length = 0;
  status = 200;
});

afterAll(() => {
  broker.close();
  broker.closeAllConnections();
});

const gateway = { service: ['api-gateway'], level: ['pact'] };

describe('verify --publish-pacts', () => {
  it('sends the files of the verified consumer with the version of services.yaml', async () => {
    const { code, out, err } = await run({ ...gateway, publishPacts: url }, { PACT_BROKER_TOKEN: 't0p-secret' });
    expect({ code, err }).toEqual({ code: 0, err: ['published api-gateway 1.0.0 -> service-a'] });
    expect(out.join('\n')).toMatch(/^ok +api-gateway +pact/);
    expect(taken.map(({ authorization }) => authorization)).toEqual(['Bearer t0p-secret']);
    expect(taken[0]?.body).toMatchObject({
      pacticipantName: 'api-gateway',
      pacticipantVersionNumber: '1.0.0',
      contracts: [{ providerName: 'service-a' }],
    });
  }, 60_000);

  it('one JSON document tells what was sent, and under the version that was given', async () => {
    const env = { PACT_BROKER_USERNAME: 'ci', PACT_BROKER_PASSWORD: 't0p-secret' };
    const { code, out, err } = await run({ ...gateway, publishPacts: url, pactVersion: 'abc123', format: 'json' }, env);
    expect({ code, err }).toEqual({ code: 0, err: [] });
    expect((JSON.parse(out.join('\n')) as { readonly publishing: unknown }).publishing).toEqual({
      published: [{ consumer: 'api-gateway', provider: 'service-a', version: 'abc123' }],
    });
    expect(taken[0]?.authorization).toBe(`Basic ${Buffer.from('ci:t0p-secret').toString('base64')}`);
  }, 60_000);

  it('a broker that refuses: exit code 2, and the report is there all the same', async () => {
    status = 401;
    const { code, out, err } = await run({ ...gateway, publishPacts: url }, { PACT_BROKER_TOKEN: 't0p-secret' });
    expect(code).toBe(2);
    expect(out.join('\n')).toMatch(/^ok +api-gateway +pact/);
    expect(err).toEqual([
      `error: the Pact broker at ${url}/contracts/publish answers 401: it does not accept the credentials.`,
    ]);
  }, 60_000);

  it.each([
    [{ publishPacts: 'ftp://broker' }, {}, /takes the http\(s\) address of a Pact broker, not "ftp:\/\/broker"/],
    [{ publishPacts: 'http://ci:t0p-secret@broker' }, {}, /give the credentials as PACT_BROKER_TOKEN/],
    [{ publishPacts: 'http://broker', level: ['sim'] }, {}, /add --level pact/],
    [{ publishPacts: 'http://broker', scenario: ['pact-consumer-http'] }, {}, /leave out --scenario/],
    [{ publishPacts: 'http://broker', service: ['service-b'] }, {}, /no service that is verified is the consumer/],
    [{ pactVersion: '1' }, {}, /give both/],
    [{ publishPacts: 'http://broker' }, { PACT_BROKER_USERNAME: 'ci' }, /PACT_BROKER_PASSWORD is missing/],
    [{ publishPacts: 'http://broker' }, { PACT_BROKER_PASSWORD: 't0p-secret' }, /PACT_BROKER_USERNAME is missing/],
    [
      { publishPacts: 'http://broker' },
      { PACT_BROKER_USERNAME: 'ci', PACT_BROKER_TOKEN: 't0p-secret' },
      /two ways to prove who publishes/,
    ],
  ])('says what cannot be done before anything is verified: %j %j', async (options, env, sentence) => {
    const { code, out, err } = await run({ ...gateway, ...options }, env);
    expect({ code, out }).toEqual({ code: 2, out: [] });
    expect(err.join('\n')).toMatch(sentence);
    expect(err.join('\n')).not.toContain('t0p-secret');
  });
});

describe('what may be published', () => {
  it('a consumer without a version cannot be', async () => {
    const system = await loadSystem({ workspace: 'contracts/mesh', cwd: process.cwd() });
    const services = new Map([...system.model.services].map(([name, { version: _, ...service }]) => [name, service]));
    const verified = [{ system: { ...system, model: { ...system.model, services } }, services: ['api-gateway'] }];
    const ask = (options: object) => () =>
      publishingOf({ options: { publishPacts: url, ...options }, io: ioWith({}) }, undefined, verified);
    expect(ask({})).toThrow(/no version of "api-gateway" is known: give --pact-version/);
    expect(ask({ pactVersion: '1' })).not.toThrow();
  });

  it.each([
    [
      'a scenario that fails',
      [result('api-gateway', 'pact', 'passed', 'failed')],
      /pact level of "api-gateway" does not hold/,
    ],
    [
      'a scenario of another service that fails',
      [result('api-gateway', 'pact', 'passed'), result('service-b', 'pact', 'failed')],
      /pact level of "service-b" does not hold/,
    ],
    ['a consumer whose scenarios were skipped', [result('api-gateway', 'pact', 'skipped')], /no scenario has proven/],
    ['a level that has not run', [result('api-gateway', 'sim', 'passed')], /no scenario has proven/],
  ])('%s keeps everything back', async (_, results, reason) => {
    const publication = await publishVerified(await publishing(), results);
    expect(publication).toMatchObject({ kind: 'kept', reason: expect.stringMatching(reason) as string });
    expect(taken).toEqual([]);
  });

  it('a broken promise of another level does not', async () => {
    const results = [result('api-gateway', 'pact', 'passed'), result('api-gateway', 'sim', 'failed')];
    expect(await publishVerified(await publishing(), results)).toMatchObject({ kind: 'published' });
    expect(taken.length).toBe(1);
  });
});

async function publishing() {
  const system = await loadSystem({ workspace: 'contracts/mesh', cwd: process.cwd() });
  const found = publishingOf({ options: { publishPacts: url }, io: ioWith({}) }, undefined, [
    { system, services: ['api-gateway'] },
  ]);
  if (found === undefined) throw new Error('nothing to publish');
  return found;
}

function result(service: string, level: Level, ...statuses: readonly ScenarioResult['status'][]): ServiceResult {
  const base = { seed: 1, schedules: 1, invariants: [] };
  return {
    ...{ system: 'mesh', service, level, tookMs: 1 },
    scenarios: statuses.map((status) => ({ ...base, scenario: 'pact-consumer-http', status })),
  };
}

function ioWith(env: Readonly<Record<string, string>>, out: string[] = [], err: string[] = []) {
  return {
    ...{ cwd: process.cwd(), env, today: '2026-01-01', interactive: false, color: false },
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    progress: () => {},
    elapsedMs: () => 0,
    interrupted: () => new Promise<void>(() => {}),
  };
}

async function run(
  options: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: ExitCode; readonly out: readonly string[]; readonly err: readonly string[] }> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await verifyCommand({
    args: ['contracts/mesh'],
    options: { format: 'text', ...options },
    io: ioWith(env, out, err),
  });
  return { code, out, err };
}
