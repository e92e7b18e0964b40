import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import { effect, outgoing } from '../../runtime/define.js';
import type { MessageDefinition, ServiceDefinition } from '../../runtime/definition.js';
import type { Envelope, WireMessage } from '../../runtime/envelope.js';
import { RejectMessageError, UsageError } from '../../runtime/errors.js';
import { developmentKeys } from '../../runtime/security/development-keys.js';
import { type Security, type SecurityOptions, securityOf } from '../../runtime/security/security.js';
import { createService } from '../../runtime/service.js';
import { memoryStore } from '../../runtime/stores/memory.js';
import { attributeNames, encode } from '../../runtime/wire.js';
import { companyWait, type Hired, hired, onHired } from './world/contracts.js';
import { companyWire, deadLetters, deliver, hiredWire, metric } from './world/messages.js';
import { startWorld, type World } from './world/world.js';

const secured: MessageDefinition = { ...hired, security: { allow: ['people', 'hiring'] } };
const keys = developmentKeys('people', 'hiring', 'surveys', 'stranger');

const definition = (service: string, more: Partial<ServiceDefinition>): ServiceDefinition => ({
  ...{ system: 's', service, owned: {}, publishes: {}, copies: {}, effects: [] },
  topology: { exchanges: [], queues: [] },
  ...more,
});
const takes = definition('surveys', { effects: [{ ...onHired(), message: secured }] });
const sends = definition('people', {
  publishes: { Hired: outgoing({ message: secured, address: { exchange: 'e', key: 'k' }, outbox: true }) },
});

const consumer = securityOf(takes, keys.surveys);
const senderOf = (options: SecurityOptions): Security => securityOf(definition('any', {}), options);

/** A message with every attribute there is. */
const full: Envelope = {
  ...{ id: 'm1', source: 'people', type: 'Hired', time: '2026-01-01T00:00:00Z', subject: 'e1', dataversion: '1' },
  ...{ partitionkey: 'e1', sequence: '7', epoch: '1', previoussequence: '6', op: 'updated', carries: 'state' },
  ...{
    correlationid: 'flow',
    causationid: 'm0',
    traceparent: '00-x',
    force: false,
    expirytime: '2026-12-01T00:00:00Z',
    replyto: 'people.commands',
    data: { employeeId: 'e1' },
  },
};
const signed = senderOf(keys.people).sign(encode(full));
const refusal = (wire: WireMessage): string | undefined => consumer.refusal(secured, wire);
const withHeaders = (more: Readonly<Record<string, string>>, wire = signed): WireMessage => ({
  ...wire,
  headers: { ...wire.headers, ...more },
});
const without = (name: string): WireMessage => ({
  ...signed,
  headers: Object.fromEntries(Object.entries(signed.headers).filter(([header]) => header !== name)),
});

describe('a signature', () => {
  it('lets a message of an allowed sender pass', () => {
    expect(refusal(signed)).toBeUndefined();
  });

  it.each(attributeNames.filter((name) => name !== 'traceparent'))('covers "%s", changed, removed or added', (name) => {
    const header = `ce-${name}`;
    expect(signed.headers).toHaveProperty(header);
    expect(refusal(withHeaders({ [header]: name === 'source' ? 'hiring' : 'x' }))).toBeDefined();
    expect(refusal(without(header))).toBeDefined();
    const { [name]: _, ...less } = full;
    if (name === 'source') return;
    const lacking = senderOf(keys.people).sign(encode(less as Envelope));
    expect(refusal(lacking)).toBeUndefined();
    expect(refusal(withHeaders({ [header]: 'x' }, lacking))).toBeDefined();
  });

  it('covers every byte of the body', () => {
    for (let at = 0; at < signed.body.byteLength; at++) {
      const body = signed.body.slice();
      body[at] = (body[at] ?? 0) ^ 1;
      expect(refusal({ ...signed, body })).toContain('changed after it was signed');
    }
    expect(refusal({ ...signed, body: new Uint8Array() })).toBeDefined();
  });

  it('cannot be moved from one header to the next', () => {
    const { subject: _, ...rest } = full;
    const tricky = senderOf(keys.people).sign(encode({ ...rest, type: 'Hired' }));
    expect(refusal(withHeaders({ 'ce-type': 'Hired","ce-x":"', 'ce-subject': 'e1' }, tricky))).toBeDefined();
  });

  it('is demanded', () => {
    expect(refusal(encode(full))).toContain('is not signed');
    expect(refusal(without('sw-signature'))).toContain('is not signed');
    expect(refusal(without('sw-key'))).toContain('is not signed');
    expect(refusal(withHeaders({ 'sw-signature': '' }))).toBeDefined();
    expect(refusal(withHeaders({ 'sw-signature': 'AAAA' }))).toBeDefined();
  });

  it('survives what happens on the way: traces rewritten, retries, dead letters', () => {
    const travelled = {
      'ce-traceparent': '00-y',
      'content-type': 'application/json; charset=utf-8',
      'sw-consumer': 'a',
    };
    expect(refusal(withHeaders({ ...travelled, 'sw-reason': 'rejected', 'sw-parked-in': '00-z' }))).toBeUndefined();
  });

  it('of one allowed sender does not speak for another, nor that of a stranger for anybody', () => {
    const hiring = senderOf(keys.hiring);
    const stranger = senderOf(keys.stranger);
    expect(refusal(hiring.sign(encode({ ...full, source: 'hiring' })))).toBeUndefined();
    expect(refusal(hiring.sign(encode(full)))).toContain('not known as its own');
    expect(refusal(stranger.sign(encode(full)))).toContain('not known as its own');
    expect(refusal(stranger.sign(encode({ ...full, source: 'stranger' })))).toContain('"stranger" may not send Hired');
    // A known key id with somebody else's signature.
    const { 'sw-key': key = '' } = signed.headers;
    expect(refusal(withHeaders({ 'sw-key': key }, stranger.sign(encode(full))))).toContain('signed by somebody else');
  });

  it('does not bring a message to a consumer of another one', () => {
    const other = { ...secured, name: 'Fired' };
    expect(consumer.refusal(other, withHeaders({ 'ce-type': 'Fired' }))).toBeDefined();
  });

  it('goes on while a sender changes its key, and ends with the old one', () => {
    const pair = generateKeyPairSync('ed25519');
    const fresh: SecurityOptions = { signingKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    const freshPublic = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const renewed = senderOf(fresh).sign(encode(full));
    const old = String(keys.people.trustedKeys?.people);
    const others = { ...keys.surveys.trustedKeys };
    const trusts = (people: string | readonly string[]): Security =>
      securityOf(takes, { trustedKeys: { ...others, people } });
    for (const both of [trusts([old, freshPublic]), trusts(`${old}${freshPublic}`)]) {
      expect(both.refusal(secured, signed)).toBeUndefined();
      expect(both.refusal(secured, renewed)).toBeUndefined();
    }
    expect(trusts(freshPublic).refusal(secured, signed)).toContain('not known as its own');
    expect(trusts(old).refusal(secured, renewed)).toContain('not known as its own');
  });
});

describe('a service that cannot keep its contract does not start', () => {
  const broker = memoryBroker();
  const start = (given: ServiceDefinition, security: SecurityOptions): Promise<void> =>
    createService(given, { broker, store: memoryStore(), security, handlers: { onHired: async () => {} } }).start();
  const queue = {
    ...{ name: 'q', service: 'surveys', bindings: [], deadLetter: 'q.dlq', maxDeliveries: 5, partitions: 1 },
  };
  const withQueue = { ...takes, queue: 'q', topology: { exchanges: [], queues: [queue] } };

  it('without the keys of those it has to believe', async () => {
    await expect(start(withQueue, {})).rejects.toThrow(
      new UsageError(
        'surveys takes "Hired" with a signature only, and has no public key of "people", "hiring": add it to SEAMWRIGHT_TRUSTED_KEYS',
      ),
    );
    const { people = '' } = keys.surveys.trustedKeys ?? {};
    await expect(start(withQueue, { trustedKeys: { people } })).rejects.toThrow('no public key of "hiring"');
  });

  it('without a key for what it has to sign', async () => {
    await expect(start(sends, {})).rejects.toThrow(
      new UsageError(
        'people sends "Hired", which is taken with a signature only: set SEAMWRIGHT_SIGNING_KEY to its private key',
      ),
    );
  });

  it('with keys that are none, and never shows them', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => senderOf({ signingKey: pem })).toThrow('security.signingKey holds a key of type "rsa", not Ed25519');
    expect(() => senderOf({ signingKey: 'secret' })).toThrow('holds no private key in PEM form');
    expect(() => senderOf({ signingKey: 'secret' })).not.toThrow('secret');
    expect(() => securityOf(takes, { trustedKeys: { people: 'x' } })).toThrow('"people": there is no public key');
    const { signingKey = '' } = keys.people;
    expect(() => securityOf(takes, { trustedKeys: { people: signingKey } })).toThrow('this is a private key');
  });
});

describe('keys of the environment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seamwright-keys-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const { signingKey = '', trustedKeys = {} } = keys.people;
  const trusted = JSON.stringify(trustedKeys);
  mkdirSync(join(folder, 'trusted'));
  writeFileSync(join(folder, 'own.pem'), signingKey);
  writeFileSync(join(folder, 'trusted.json'), trusted);
  writeFileSync(join(folder, 'trusted', '.hidden.pem'), 'no key');
  writeFileSync(join(folder, 'trusted', 'README.md'), 'no key');
  for (const [service, pem] of Object.entries(trustedKeys)) {
    writeFileSync(join(folder, 'trusted', `${service}.pem`), String(pem));
  }

  it.each([
    ['texts', signingKey, trusted],
    ['texts on one line', signingKey.replaceAll('\n', '\\n'), trusted],
    ['files', `file:${join(folder, 'own.pem')}`, `file:${join(folder, 'trusted.json')}`],
    ['URLs of files', pathToFileURL(join(folder, 'own.pem')).href, pathToFileURL(join(folder, 'trusted')).href],
  ])('may be %s', (_, own, others) => {
    const sender = securityOf(sends, {}, { SEAMWRIGHT_SIGNING_KEY: own });
    const receiver = securityOf(takes, {}, { SEAMWRIGHT_TRUSTED_KEYS: others });
    expect(receiver.refusal(secured, sender.sign(encode(full)))).toBeUndefined();
  });

  it.each([
    ['file:/nowhere/trusted', 'SEAMWRIGHT_TRUSTED_KEYS: "/nowhere/trusted" cannot be read (ENOENT)'],
    ['["x"]', 'SEAMWRIGHT_TRUSTED_KEYS is no JSON object of public keys by service'],
    ['{"people": 5}', 'SEAMWRIGHT_TRUSTED_KEYS is no JSON object of public keys by service'],
  ])('that cannot be read are told: %s', (value, message) => {
    expect(() => securityOf(takes, {}, { SEAMWRIGHT_TRUSTED_KEYS: value })).toThrow(message);
  });

  it('count for nothing when the contract asks for none', () => {
    const open = securityOf(definition('surveys', { effects: [onHired()] }));
    expect(open.refusal(hired, encode(full))).toBeUndefined();
    expect(open.sign(encode(full)).headers).toEqual(encode(full).headers);
  });
});

describe('in the pipeline', () => {
  let world: World | undefined;
  afterEach(async () => {
    await world?.stop();
    world = undefined;
  });
  const handled: string[] = [];
  const start = async (message: MessageDefinition = secured): Promise<World> => {
    handled.length = 0;
    world = await startWorld({
      effects: [effect({ ...onHired(), message })],
      handlers: { onHired: async ({ meta }) => void handled.push(meta.id) },
      surveys: { security: keys.surveys },
    });
    return world;
  };
  const reasons = (at: World) => deadLetters(at).map(({ headers }) => headers['sw-reason']);
  const sign = (wire: WireMessage) => senderOf(keys.people).sign(wire);

  it('a signed message is handled, any other goes to the dead letters as wrong-caller', async () => {
    const here = await start();
    await deliver(here, sign(hiredWire('m1')), hiredWire('m2'), sign(hiredWire('m3', 'e1', { source: 'accounts' })));
    await here.settle();
    expect(handled).toEqual(['m1']);
    expect(reasons(here)).toEqual(['wrong-caller', 'wrong-caller']);
    expect(metric(here, 'seamwright.dlq.messages', { reason: 'wrong-caller' })).toBe(2);
    expect(here.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      expect.stringContaining('Hired from "people" is not signed'),
      expect.stringContaining('"accounts" may not send Hired'),
    ]);
  });

  it('a message without a type has none that is allowed', async () => {
    const here = await start();
    const { 'ce-type': _, ...headers } = hiredWire('m1').headers;
    await deliver(here, { ...hiredWire('m1'), headers });
    await here.settle();
    expect(handled).toEqual([]);
    expect(reasons(here)).toEqual(['wrong-caller']);
  });

  it('nothing is read of a secured message that is not signed', async () => {
    const here = await start({ ...secured, headers: { 'x-correlation': 'causationid', 'x-time': 'time' } });
    await deliver(here, {
      ...sign(hiredWire('m1')),
      headers: { ...sign(hiredWire('m1')).headers, 'x-correlation': 'forged' },
    });
    await here.settle();
    expect(handled).toEqual(['m1']);
    const { 'ce-time': _, ...timeless } = hiredWire('m2').headers;
    await deliver(here, {
      ...sign({ ...hiredWire('m2'), headers: timeless }),
      headers: { ...sign({ ...hiredWire('m2'), headers: timeless }).headers, 'x-time': '2026-01-01T00:00:00Z' },
    });
    await here.settle();
    expect(handled).toEqual(['m1']);
    expect(reasons(here)).toEqual(['undecodable']);
  });

  it('a replayed dead letter still proves who sent it', async () => {
    let rejects = true;
    handled.length = 0;
    const again = await startWorld({
      effects: [effect({ ...onHired(), message: secured })],
      handlers: {
        onHired: async ({ meta }) => {
          if (rejects) throw new RejectMessageError('not now');
          handled.push(meta.id);
        },
      },
      surveys: { security: keys.surveys },
    });
    world = again;
    await deliver(again, sign(hiredWire('m1')));
    await again.settle();
    const [dead] = deadLetters(again);
    expect(dead?.headers['sw-reason']).toBe('rejected');
    rejects = false;
    await deliver(again, dead as WireMessage);
    await again.settle();
    expect(handled).toEqual(['m1']);
    expect(deadLetters(again)).toHaveLength(1);
  });

  it('a parked message that fails when it is released goes back to its queue with its signature', async () => {
    handled.length = 0;
    let tries = 0;
    const wait = { ...companyWait, by: (m: Hired) => m.employeeId };
    world = await startWorld({
      effects: [effect({ ...onHired(), message: secured, awaits: [wait] })],
      handlers: {
        onHired: async ({ meta }) => {
          tries += 1;
          if (tries === 1) throw new Error('not now');
          handled.push(meta.id);
        },
      },
      surveys: { security: keys.surveys },
    });
    await deliver(world, sign(hiredWire('m1', 'c1')));
    await world.settle();
    expect(metric(world, 'seamwright.parked.messages')).toBe(1);
    await deliver(world, companyWire({ sequence: 1 }));
    await world.settle();
    expect([tries, handled]).toEqual([2, ['m1']]);
    expect(deadLetters(world)).toEqual([]);
  });
});

describe('the size of messages', () => {
  let world: World | undefined;
  afterEach(async () => {
    await world?.stop();
    world = undefined;
  });
  const garbage = (bytes: number): WireMessage => ({ ...hiredWire('m1'), body: new Uint8Array(bytes) });

  it('is bounded by the contract, before anybody reads the body', async () => {
    world = await startWorld({ effects: [onHired()], handlers: { onHired: async () => {} } });
    await deliver(world, garbage(201), garbage(200));
    await world.settle();
    expect(deadLetters(world).map(({ headers }) => headers['sw-reason'])).toEqual(['too-large', 'undecodable']);
    expect(metric(world, 'seamwright.dlq.messages', { reason: 'too-large' })).toBe(1);
  });

  it('is bounded by the service, whatever the message says it is', async () => {
    world = await startWorld({
      effects: [onHired()],
      handlers: { onHired: async () => {} },
      surveys: { messageBytesMax: 100 },
    });
    const { 'ce-type': _, ...untyped } = garbage(101).headers;
    await deliver(world, garbage(101), { ...garbage(101), headers: untyped }, garbage(100));
    await world.settle();
    expect(deadLetters(world).map(({ headers }) => headers['sw-reason'])).toEqual([
      'too-large',
      'too-large',
      'undecodable',
    ]);
  });

  it('is 8 MiB at most unless somebody says otherwise, sent and taken', async () => {
    world = await startWorld();
    const { accounts, run } = world;
    const told = (bytes: number) =>
      run(accounts.transaction((tx) => tx.Company.created({ id: 'c1', name: 'x'.repeat(bytes) })));
    await expect(told(8 * 1024 * 1024)).rejects.toThrow('8388608 are allowed');
    await told(8 * 1024 * 1024 - 100);
    await deliver(world, { ...hiredWire('m1'), body: new Uint8Array(8 * 1024 * 1024 + 1) });
    await world.settle();
    expect(deadLetters(world).map(({ headers }) => headers['sw-reason'])).toEqual(['too-large']);
  });
});

describe('personal values', () => {
  let world: World | undefined;
  afterEach(() => world?.stop());

  it('stand neither in dead letters nor in logs, though the handler quotes them', async () => {
    world = await startWorld({
      effects: [effect({ ...onHired(), message: { ...hired, redact: ['employeeId'] } })],
      handlers: {
        onHired: async ({ event }) => {
          throw new Error(`no mailbox for ${event.employeeId}`, { cause: new Error(event.employeeId) });
        },
      },
    });
    await deliver(world, hiredWire('m1', 'ann@example.org'));
    await world.settle();
    const [dead] = deadLetters(world);
    expect(dead?.headers['sw-detail']).toBe('Error:%20no%20mailbox%20for%20[redacted]');
    expect(JSON.stringify(dead?.headers)).not.toContain('ann');
    const told = world.lines.map(({ message, facts }) => {
      const { error } = facts;
      return error instanceof Error ? [message, error.message, error.stack, String(error.cause)] : [message, facts];
    });
    expect(told.length).toBeGreaterThan(2);
    expect(JSON.stringify(told)).not.toContain('ann@example.org');
  });
});
