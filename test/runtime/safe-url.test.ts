import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addressOf } from '../../runtime/http/address.js';
import { safeUrl } from '../../runtime/safe-url.js';

it.each([
  ['amqp://guest:secret@rabbit:5672/shop', 'amqp://***@rabbit:5672/shop'],
  ['postgres://user@db/shop?password=secret&sslmode=require', 'postgres://***@db/shop?password=***&sslmode=***'],
  ['kafka://u:secret@a:9092,b:9092/x', 'kafka://***@a:9092,b:9092/x'],
  ['nats://secret-token@n:4222', 'nats://***@n:4222'],
  ['redis://:p@ss/wo@rd@r:6379', 'redis://***@r:6379'],
  ['https://x.example/?secret', 'https://x.example/?***'],
  ['https://x.example/#secret', 'https://x.example/'],
  ['memory:', 'memory:'],
  ['pglite:./data', 'pglite:./data'],
  ['hunter2-secret', 'hun***'],
])('%s is shown as %s', (url, shown) => {
  expect(safeUrl(url)).toBe(shown);
});

it('shows no password, whatever it is made of', () => {
  const password = fc.stringMatching(/^[a-zA-Z0-9:@/%!$&'()*+,;=._~-]{4,20}$/).map((text) => `SECRET${text}SECRET`);
  fc.assert(
    fc.property(password, fc.constantFrom('amqp', 'postgres', 'redis', 'nats', 'https'), (secret, scheme) => {
      expect(safeUrl(`${scheme}://user:${secret}@host:1/x?token=${encodeURIComponent(secret)}`)).not.toContain(
        'SECRET',
      );
    }),
  );
});

it('is what an address that cannot be used is told by', () => {
  expect(() => addressOf('users', [], { users: 'ftp://me:secret@users.example' })).toThrow('ftp://***@users.example');
  expect(() => addressOf('users', [], { users: 'secretword' })).not.toThrow('secretword');
});
