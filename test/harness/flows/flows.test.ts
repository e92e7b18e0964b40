import { beforeAll, describe, expect, it } from 'vitest';
import { type FlowOptions, type FlowResult, runFlows } from '../../../harness/flows/run-flows.js';
import { loadSystem, type SystemUnderTest } from '../../../harness/system.js';

const systems = new Map<string, SystemUnderTest>();

beforeAll(async () => {
  for (const name of ['mesh', 'easyplatform', 'dhanman', 'tools-dashboard'])
    systems.set(name, await loadSystem({ workspace: `contracts/${name}`, cwd: process.cwd() }));
}, 60_000);

async function flow(system: string, name: string, options: FlowOptions = {}): Promise<FlowResult> {
  const found = systems.get(system);
  if (found === undefined) throw new Error(`${system} is not loaded`);
  const [result] = await runFlows(found, { ...options, only: [name] });
  if (result === undefined) throw new Error(`${system} has no flow ${name}`);
  return result;
}

const timeoutMs = 60_000;

describe('flows', () => {
  it.each([
    ['mesh', 'change-item'],
    ['easyplatform', 'employee-before-company'],
    ['easyplatform', 'double-hire'],
    ['dhanman', 'approve-above-limit'],
    ['tools-dashboard', 'change-role'],
  ])(
    'runs %s %s over real services',
    async (system, name) => {
      const { status, reason, hops, expectations } = await flow(system, name);
      expect({ status, reason }).toEqual({ status: 'passed', reason: '' });
      expect(hops.length).toBeGreaterThan(0);
      expect(expectations.length).toBeGreaterThan(0);
    },
    timeoutMs,
  );

  it(
    'runs a flow again with its feature switched off',
    async () => {
      const { status, expectations } = await flow('tools-dashboard', 'sign-in-with-github');
      expect(status).toBe('passed');
      expect(expectations.map(({ text }) => text)).toContain(
        'while "github-auth" is switched off its operations answer 404 and do nothing',
      );
    },
    timeoutMs,
  );

  it(
    'finds an expectation that a lost effect breaks',
    async () => {
      const { status, reason } = await flow('dhanman', 'create-bill', {
        mutate: (create, service) => (options) =>
          create(service === 'common' ? { ...options, aroundHandler: async () => {} } : options),
      });
      expect(status).toBe('failed');
      expect(reason).toContain('every bill is posted with exactly one debit and one credit');
    },
    timeoutMs,
  );

  it(
    'finds a hop that does not happen',
    async () => {
      const { status, reason } = await flow('mesh', 'read-item', {
        mutate: (create, service) => (options) =>
          create(service === 'service-a' ? { ...options, fetch: () => Promise.reject(new Error('down')) } : options),
      });
      expect(status).toBe('failed');
      expect(reason).toContain('service-a → service-b getItem did not happen');
    },
    timeoutMs,
  );

  it(
    'says what is missing when nothing drives a flow',
    async () => {
      const found = systems.get('mesh');
      if (found === undefined) throw new Error('mesh is not loaded');
      const services = new Map([...found.services].map(([name, { flows: _, ...code }]) => [name, code] as const));
      const [result] = await runFlows({ ...found, services }, { only: ['read-item'] });
      expect(result?.status).toBe('skipped');
      expect(result?.reason).toBe(
        'api-gateway.getItem answers 404 to a made-up request; write a driver "read-item" into "flows" of a verify.ts',
      );
    },
    timeoutMs,
  );
});
