import { describe, expect, it } from 'vitest';
import { filledEnvironment, runSettings } from '../../../harness/live/run-settings.js';
import { scratchBroker } from '../../../harness/live/scratch-broker.js';
import { scratchDatabase } from '../../../harness/live/scratch-database.js';
import { UsageError } from '../../../runtime/errors.js';

const variable = (name: string): string => `\${${name}}`;

describe('how a service is started', () => {
  it('is read in the words of Compose, with defaults', () => {
    const run = {
      command: ['node', 'main.js'],
      environment: { PORT: variable('SEAMWRIGHT_PORT'), RETRIES: 3, EMPTY: null },
      healthcheck: { http: '/health', interval: '200ms', timeout: '1s', start_period: '2m', retries: 10 },
      stop_signal: 'SIGINT',
      probe: { state: '/state', provider_states: '/states' },
    };
    expect(runSettings('search', run)).toEqual({
      command: ['node', 'main.js'],
      workingDir: '.',
      environment: { PORT: variable('SEAMWRIGHT_PORT'), RETRIES: '3', EMPTY: '' },
      health: { http: '/health', intervalMs: 200, timeoutMs: 1_000, patienceMs: 122_000 },
      stopSignal: 'SIGINT',
      stopGraceMs: 10_000,
      probe: { state: '/state', providerStates: '/states' },
    });
  });

  it.each([undefined, {}, { command: [] }, { command: '' }, { command: 7 }])('is missing in %j', (run) => {
    expect(() => runSettings('search', run)).toThrow(/services\.yaml does not say how "search" is started/);
  });

  it('fills variables, and refuses those that are not set', () => {
    const environment = { URL: `http://${variable('HOST')}:${variable('PORT:-80')}/`, PLAIN: 'as it is' };
    expect(filledEnvironment('search', { environment }, { HOST: 'here', PORT: '' })).toEqual({
      URL: 'http://here:80/',
      PLAIN: 'as it is',
    });
    expect(() => filledEnvironment('search', { environment }, {})).toThrow(
      /"search" is started with \$\{HOST\}, which is not set/,
    );
  });
});

describe('servers that a run cannot have for itself', () => {
  it.each([undefined, 'memory:', 'kafka://secret@broker:9092', 'private:kafka'])('broker %s', async (url) => {
    const refused = await scratchBroker(url).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect(String(refused)).not.toContain('secret');
  });

  it('a kind of broker that nobody here can start', async () => {
    await expect(scratchBroker('private:none')).rejects.toThrow(/takes rabbitmq, redis, nats, not "none"/);
  });

  it('a database in this process', async () => {
    await expect(scratchDatabase('pglite:')).rejects.toThrow(/needs a PostgreSQL server/);
  });
});
