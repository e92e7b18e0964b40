import { describe, expect, it } from 'vitest';
import { brokerUrl, databaseUrl } from '../../runtime/connection-urls.js';
import { createService, type ServiceDefinition, UsageError } from '../../runtime/index.js';

/** `${NAME}` or `${NAME:-default}`, as contracts write it. */
const reference = (name: string): string => `\${${name}}`;

const definition = (defaults?: ServiceDefinition['defaults']): ServiceDefinition => ({
  system: 'shop',
  service: 'sales',
  owned: {},
  publishes: {},
  copies: {},
  effects: [],
  topology: { exchanges: [], queues: [] },
  ...(defaults && { defaults }),
});

describe.each([
  ['the broker', brokerUrl, 'brokerUrl', 'SEAMWRIGHT_BROKER_URL'],
  ['the store', databaseUrl, 'databaseUrl', 'SEAMWRIGHT_DATABASE_URL'],
] as const)('where %s of a service is', (what, urlOf, name, variable) => {
  it('is for the environment to say first', () => {
    const own = definition({ [name]: 'from:contracts' });
    expect(urlOf(own, { [variable]: 'from:environment' })).toBe('from:environment');
    expect(urlOf(own, {})).toBe('from:contracts');
    expect(urlOf(own, { [variable]: '' })).toBe('from:contracts');
  });

  it('is left to the runtime when neither says it', () => {
    expect(urlOf(definition(), {})).toBeUndefined();
    expect(urlOf(definition({}), { [variable]: '' })).toBeUndefined();
  });

  it('takes variables of the place it starts in, and what stands behind them when they are not set', () => {
    const own = definition({
      [name]: `x://${reference('USER_NAME')}@${reference('HOST:-localhost')}:${reference('PORT:-1')}/${reference('PATH_HERE:-')}`,
    });
    expect(urlOf(own, { USER_NAME: 'sales', PORT: '2', HOST: '' })).toBe('x://sales@localhost:2/');
  });

  it('names the variable that is not set, since half a URL leads to some other server', () => {
    const own = definition({ [name]: `x://${reference('SOME_HOST')}:1` });
    expect(() => urlOf(own, {})).toThrow(UsageError);
    expect(() => urlOf(own, { SOME_HOST: '' })).toThrow(
      `the environment variable "SOME_HOST" is not set: it says where ${what} of "sales" is`,
    );
  });
});

describe('a service', () => {
  it('starts on what its contracts say', async () => {
    const own = definition({
      brokerUrl: `memory:${reference('SALES_BROKER_OF_TEST:-contracts')}`,
      databaseUrl: 'memory:',
    });
    const service = createService(own, {});
    await service.start();
    await service.stop();
  });

  it('does not start when a variable of the broker is missing', async () => {
    const own = definition({ brokerUrl: reference('SALES_BROKER_OF_TEST'), databaseUrl: 'memory:' });
    await expect(createService(own, {}).start()).rejects.toThrow('"SALES_BROKER_OF_TEST" is not set');
  });

  it('does not start on a store that nobody knows', async () => {
    const own = definition({ brokerUrl: 'memory:', databaseUrl: 'paper:' });
    await expect(createService(own, {}).start()).rejects.toThrow('no store for "paper:"');
  });
});
