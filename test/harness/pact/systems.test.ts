import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadWorkspace } from '../../../generator/load/workspace.js';
import { buildModel } from '../../../generator/model/build.js';
import { loadServices, subjectOf } from '../../../harness/load-subject.js';
import type { PactScenario, PactScenarioResult } from '../../../harness/pact/pact-result.js';
import { verifyPacts } from '../../../harness/pact/verify-pacts.js';
import type { Subject } from '../../../harness/subject.js';

const root = join(import.meta.dirname, '../../..');
const output = join(root, 'generated/easyplatform');

describe('the services of EasyPlatform', () => {
  let subjects: ReadonlyMap<string, Subject>;
  beforeAll(async () => {
    const { workspace } = await loadWorkspace(join(root, 'contracts/easyplatform'), { cwd: root, validate: 'fast' });
    if (workspace === undefined) throw new Error('the contracts cannot be read');
    const { model } = buildModel(workspace);
    const code = await loadServices(model, { output, services: join(root, 'services/easyplatform') });
    subjects = new Map([...code.keys()].map((name) => [name, subjectOf(model, code, name)]));
  }, 60_000);

  const subject = (name: string): Subject => {
    const found = subjects.get(name);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found;
  };
  const summary = (results: readonly PactScenarioResult[]) =>
    results.map(({ scenario, status, interactions }) => `${scenario}: ${status} ${interactions}`);

  it('answer, tell, ask and listen as their Pact files say', async () => {
    const results = await verifyPacts(subject('text-snippet-people'), { output });
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
    expect(summary(results)).toEqual([
      'pact-provider-http: passed 4',
      'pact-provider-messages: passed 6',
      'pact-consumer-http: passed 8',
      'pact-consumer-messages: passed 6',
    ]);
  }, 120_000);

  it('that nobody relies on have nothing to prove', async () => {
    const results = await verifyPacts(subject('text-snippet-insights'), { output, scenarios: ['pact-provider-http'] });
    expect(results).toEqual([
      {
        scenario: 'pact-provider-http',
        status: 'skipped',
        reason: 'nobody relies on it',
        interactions: 0,
        failures: [],
      },
    ]);
  });

  /** The service with something in its way. */
  const broken = (
    name: string,
    change: (app: ReturnType<NonNullable<Subject['code']['create']>>, options: Options) => object,
  ): Subject => {
    const whole = subject(name);
    const create = (options: Options) => {
      const app = whole.code.create?.(options) as ReturnType<NonNullable<Subject['code']['create']>>;
      return { ...app, ...change(app, options) };
    };
    return { ...whole, code: { ...whole.code, create } as Subject['code'] };
  };
  type Options = Parameters<NonNullable<Subject['code']['create']>>[0];
  const sentences = async (service: Subject, scenario: PactScenario): Promise<string> => {
    const [result] = await verifyPacts(service, { output, scenarios: [scenario] });
    expect(result?.status).toBe('failed');
    return (result?.failures ?? []).map(({ interaction, sentence }) => `${interaction}: ${sentence}`).join('\n');
  };

  it('are found out when they answer otherwise', async () => {
    const service = broken('text-snippet-hiring', ({ server }) => ({
      server: {
        ...server,
        async fetch(request: Request) {
          const answer = await (server as NonNullable<typeof server>).fetch(request);
          if (request.method !== 'GET') return answer;
          const text = (await answer.text()).replaceAll('"companyId"', '"company"');
          return new Response(text, { status: answer.status, headers: { 'content-type': 'application/json' } });
        },
      },
    }));
    expect(await sentences(service, 'pact-provider-http')).toMatch(
      /text-snippet-people -> text-snippet-hiring: listCandidates answers 200: .*companyId/,
    );
  }, 120_000);

  it('are found out when they tell otherwise', async () => {
    const service = subject('text-snippet-hiring');
    const create = (options: Options) => {
      const { broker } = options;
      const publish = broker?.publish.bind(broker);
      if (broker !== undefined && publish !== undefined)
        broker.publish = async (address, message) => {
          const text = new TextDecoder().decode(message.body).replaceAll('"status":"hired"', '"status":"taken on"');
          return publish(address, { ...message, body: new TextEncoder().encode(text) });
        };
      return service.code.create?.(options) as object;
    };
    const changed = { ...service, code: { ...service.code, create } as Subject['code'] };
    expect(await sentences(changed, 'pact-provider-messages')).toMatch(
      /CandidateEntityEventBusMessage: \$\.entityData\.status must be equal to one of/,
    );
  }, 120_000);

  it('are found out when a handler cannot take what was agreed', async () => {
    const service = subject('text-snippet-people');
    const create = (options: Options) =>
      service.code.create?.({
        ...options,
        aroundHandler: (call, handle) =>
          options.aroundHandler?.(call, async () => {
            await handle();
            throw new Error('no such form');
          }) ?? Promise.resolve(),
      }) as object;
    const changed = { ...service, code: { ...service.code, create } as Subject['code'] };
    expect(await sentences(changed, 'pact-consumer-messages')).toMatch(
      /text-snippet-people -> text-snippet-hiring: CandidateEntityEventBusMessage: text-snippet-people\.onCandidateChanged threw: no such form/,
    );
  }, 120_000);
});
