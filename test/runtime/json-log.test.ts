import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import { UnavailableError } from '../../runtime/errors.js';
import { environmentLogger, jsonLogger } from '../../runtime/json-log.js';
import { inContext, silentLogger, withFacts } from '../../runtime/log.js';
import { inScope } from '../../runtime/scope.js';
import { onHired } from './world/contracts.js';
import { deliver, hiredWire } from './world/messages.js';
import { startWorld } from './world/world.js';

const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function recorded(level: 'debug' | 'info' | 'warn' | 'error' = 'debug') {
  const lines: string[] = [];
  const log = jsonLogger({ level, write: (line) => lines.push(line), clock: new VirtualClock() });
  return { log, told: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>), lines };
}

describe('the JSON logger', () => {
  it('writes one line per entry, from its level on', () => {
    const { log, told, lines } = recorded('warn');
    log.debug({}, 'a');
    log.info({}, 'b');
    log.warn({ n: 1 }, 'c\nd');
    log.error({}, 'e');
    expect(told()).toEqual([
      { time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), level: 'warn', message: 'c\nd', n: 1 },
      { time: expect.any(String), level: 'error', message: 'e' },
    ]);
    expect(lines.join('')).not.toContain('\n');
  });

  it('lets no fact pretend to be another level, time or message', () => {
    const { log, told } = recorded();
    log.info({ level: 'error', time: 'never', message: 'forged', kept: true }, 'true');
    expect(told()).toEqual([{ time: expect.stringContaining('T'), level: 'info', message: 'true', kept: true }]);
  });

  it('tells errors with their causes, and nothing that a driver hung on them', () => {
    const { log, told } = recorded();
    const cause = Object.assign(new Error('refused'), {
      code: 'ECONNREFUSED',
      detail: 'Key (email)=(ann@example.org)',
    });
    log.error({ error: new UnavailableError('the broker', cause) }, 'x');
    expect(told()[0]?.error).toEqual({
      type: 'UnavailableError',
      code: 'unavailable',
      message: 'the broker is not available',
      stack: expect.stringContaining('UnavailableError'),
      cause: { type: 'Error', code: 'ECONNREFUSED', message: 'refused', stack: expect.any(String) },
    });
  });

  it('writes whatever it is given: rings, big integers, bytes, dates that are none', () => {
    const { log, told } = recorded();
    const ring: { self?: unknown } = {};
    ring.self = ring;
    const odd = { ring, big: 10n, bytes: new TextEncoder().encode('secret'), at: new Date(Number.NaN), no: undefined };
    log.info({ ...odd, list: [1n], run: () => 1 }, 'x');
    expect(told()[0]).toMatchObject({ big: '10', bytes: '<6 bytes>', at: 'Invalid Date', list: ['1'] });
    expect(JSON.stringify(told())).not.toContain('secret');
  });
});

describe('lines in context', () => {
  it('say what they belong to, unless they say something else', () => {
    const { log, told } = recorded();
    const contextual = inContext(log);
    contextual.info({}, 'outside');
    const cause = { correlationId: 'flow-1', causationId: 'm1', traceparent: trace };
    inScope({ service: 's', cause }, () => contextual.info({}, 'request'));
    inScope({ service: 's', consumer: 's.onHired', cause }, () => {
      contextual.info({}, 'message');
      contextual.info({ correlationId: 'own' }, 'own');
    });
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const fixed = { time: expect.any(String), level: 'info' };
    expect(told()).toEqual([
      { ...fixed, message: 'outside' },
      { ...fixed, message: 'request', correlationId: 'flow-1', traceId },
      { ...fixed, message: 'message', correlationId: 'flow-1', traceId, consumer: 's.onHired', messageId: 'm1' },
      { ...fixed, message: 'own', correlationId: 'own', traceId, consumer: 's.onHired', messageId: 'm1' },
    ]);
  });

  it('of a running service name service, consumer, message, correlation and trace, and no payload', async () => {
    const { log, told, lines } = recorded();
    const world = await startWorld({
      effects: [onHired()],
      handlers: {
        onHired: async ({ log: own, tx }) => {
          own.info({ step: 1 }, 'working');
          await tx.query('select 1').catch(() => {});
          throw new Error('no');
        },
      },
      surveys: { log },
    });
    await deliver(world, hiredWire('m1', 'ann@example.org', { traceparent: trace }));
    await world.settle();
    await world.stop();
    const known = {
      service: 'surveys',
      consumer: 'surveys.onHired',
      messageId: 'm1',
      correlationId: 'flow-1',
      traceId: '0af7651916cd43dd8448eb211c80319c',
    };
    expect(told().map(({ message }) => message)).toEqual([
      ...Array.from({ length: 3 }, () => ['working', 'a consumer failed']).flat(),
      'message sent to the dead letters: Error: no',
    ]);
    for (const line of told()) expect(line).toMatchObject(known);
    expect(lines.join()).not.toContain('ann@example.org');
  });
});

describe('SEAMWRIGHT_LOG', () => {
  it.each([undefined, '', 'silent'])('%s is silence', (word) => {
    expect(environmentLogger({ SEAMWRIGHT_LOG: word })).toBe(silentLogger);
  });

  it('names a level, and nothing else', () => {
    expect(environmentLogger({ SEAMWRIGHT_LOG: 'warn' })).not.toBe(silentLogger);
    expect(() => environmentLogger({ SEAMWRIGHT_LOG: 'loud' })).toThrow(
      'SEAMWRIGHT_LOG is "loud"; it may be debug, info, warn, error or silent',
    );
  });
});

it('facts may be asked for at each line', () => {
  const { log, told } = recorded();
  let n = 0;
  const counting = withFacts(log, () => ({ n: ++n }));
  counting.info({}, 'a');
  counting.info({}, 'b');
  expect(told().map((line) => line.n)).toEqual([1, 2]);
});
