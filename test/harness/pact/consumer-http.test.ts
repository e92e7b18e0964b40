import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpInteraction, PactFile } from '../../../generator/emit/pact/pact-file.js';
import { loadWorkspace } from '../../../generator/load/workspace.js';
import { buildModel } from '../../../generator/model/build.js';
import { loadServices, subjectOf } from '../../../harness/load-subject.js';
import { verifyPacts } from '../../../harness/pact/verify-pacts.js';
import type { Subject } from '../../../harness/subject.js';

const root = join(import.meta.dirname, '../../..');
const output = join(root, 'generated/dhanman');

describe('the generated client of a consumer', () => {
  const pacts = mkdtempSync(join(tmpdir(), 'pacts-'));
  const pact = JSON.parse(readFileSync(join(output, 'pacts/sales-common.json'), 'utf8')) as PactFile;
  let subject: Subject;
  beforeAll(async () => {
    const { workspace } = await loadWorkspace(join(root, 'contracts/dhanman'), { cwd: root, validate: 'fast' });
    if (workspace === undefined) throw new Error('the contracts cannot be read');
    const { model } = buildModel(workspace);
    const code = await loadServices(model, { output, services: join(root, 'services/dhanman') });
    subject = subjectOf(model, code, 'sales');
  }, 60_000);
  afterAll(() => rmSync(pacts, { recursive: true }));

  const verify = async (change: (interaction: HttpInteraction) => object) => {
    const asked = pact.interactions.filter((each): each is HttpInteraction => each.type === 'Synchronous/HTTP');
    const first = asked.find(({ description }) => description === 'getCustomer answers 200');
    const others = asked.filter((each) => each !== first);
    if (first === undefined) throw new Error('sales asks nothing');
    writeFileSync(
      join(pacts, 'sales-common.json'),
      JSON.stringify({ ...pact, interactions: [{ ...first, ...change(first) }, ...others] }),
    );
    const [result] = await verifyPacts(subject, { output, pacts, scenarios: ['pact-consumer-http'] });
    return result;
  };

  it('sends what was agreed and understands each agreed answer', async () => {
    expect(await verify(() => ({}))).toEqual({
      ...{
        scenario: 'pact-consumer-http',
        status: 'passed',
        reason: '7 interactions held',
        interactions: 7,
        failures: [],
      },
    });
  }, 30_000);

  it('is found out when it asks otherwise', async () => {
    const result = await verify(({ request }) => ({
      request: { ...request, method: 'POST', headers: { 'X-Tenant': ['7'] } },
    }));
    const at = { interaction: 'sales -> common: getCustomer answers 200' };
    expect(result).toMatchObject({ status: 'failed', reason: '1 of 7 interactions did not hold' });
    expect(result?.failures).toEqual([
      expect.objectContaining({ ...at, path: 'method', expected: 'POST', actual: 'GET' }),
      expect.objectContaining({ ...at, path: 'header.X-Tenant', expected: '7' }),
    ]);
  });

  it('is found out when it refuses the answer', async () => {
    const result = await verify(({ response }) => ({
      response: { ...response, body: { ...response.body, content: { name: 'Tom' } } },
    }));
    expect(result?.failures).toHaveLength(1);
    expect(result?.failures[0]?.sentence).toMatch(/^the client refuses the agreed answer: .*id/);
  });

  it('is found out when it does not know a status', async () => {
    const result = await verify(({ response }) => ({ response: { ...response, status: 418 } }));
    expect(result?.failures).toHaveLength(1);
    expect(result?.failures[0]?.sentence).toMatch(/^the client does not understand 418/);
  });

  it('is found out when it has no such method', async () => {
    const result = await verify(({ comments }) => ({
      comments: { ...comments, seamwright: { ...comments.seamwright, operation: 'createUser' } },
    }));
    expect(result?.failures[0]?.sentence).toBe('the generated client of "common" has no method createUser');
  });
});
