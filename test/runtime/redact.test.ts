import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactError, redacted, redactPointer, redactText } from '../../runtime/redact.js';
import { formatErrors } from '../../runtime/validation.js';

const person = {
  op: 'updated',
  entityData: {
    id: 'e1',
    email: 'ann@example.org',
    fullName: 'Ann Ample',
    age: 41,
    addresses: [{ street: 'Elm Street 1', city: 'Rome' }],
  },
};
const paths = ['entityData.email', 'entityData.fullName', 'entityData.addresses.street'];

describe('redact', () => {
  it('replaces what lies at the paths, also in the items of a list, and nothing else', () => {
    expect(redact(paths, person)).toEqual({
      op: 'updated',
      entityData: {
        id: 'e1',
        email: redacted,
        fullName: redacted,
        age: 41,
        addresses: [{ street: redacted, city: 'Rome' }],
      },
    });
    expect(person.entityData.email).toBe('ann@example.org');
  });

  it('replaces objects and lists whole, and null too', () => {
    expect(redact(['a', 'b', 'c'], { a: { x: 1 }, b: [1, 2], c: null, d: 4 })).toEqual({
      a: redacted,
      b: redacted,
      c: redacted,
      d: 4,
    });
  });

  it('takes * for every key of a map', () => {
    expect(redact(['people.*.email'], { people: { p1: { email: 'x', n: 1 }, p2: { email: 'y', n: 2 } } })).toEqual({
      people: { p1: { email: redacted, n: 1 }, p2: { email: redacted, n: 2 } },
    });
  });

  it('leaves alone what is not there, and payloads that are no objects', () => {
    expect(redact(['a.b'], { a: 1 })).toEqual({ a: 1 });
    expect(redact(['a'], 'text')).toBe('text');
    expect(redact(['__proto__', 'constructor'], {})).toEqual({});
    expect(redact(undefined, person)).toBe(person);
  });

  it('lets no value of a personal field through, whatever the payload', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
        fc.uuid(),
        fc.integer({ min: 0, max: 3 }),
        (others, secret, depth) => {
          let value: unknown = { ...others, secret };
          for (let level = 0; level < depth; level++) value = [{ inner: value }];
          const path = [...Array<string>(depth).fill('inner'), 'secret'].join('.');
          expect(JSON.stringify(redact([path], value))).not.toContain(secret);
        },
      ),
    );
  });
});

describe('errors that quote what they fell over', () => {
  it('lose the personal values and keep the rest', () => {
    const text = 'duplicate key: (email)=(ann@example.org) of Ann Ample, Elm Street 1, id e1';
    expect(redactText(paths, person, text)).toBe(
      `duplicate key: (email)=(${redacted}) of ${redacted}, ${redacted}, id e1`,
    );
  });

  it('are copied with their causes, name, code and stack', () => {
    const cause = new Error('refused ann@example.org');
    const error = Object.assign(new TypeError('cannot write Ann Ample', { cause }), { code: '23505' });
    const clean = redactError(paths, person, error) as Error & { readonly code: string };
    expect(clean).toBeInstanceOf(Error);
    expect([clean.name, clean.message, clean.code]).toEqual(['TypeError', `cannot write ${redacted}`, '23505']);
    expect(clean.stack).not.toContain('Ann Ample');
    expect((clean.cause as Error).message).toBe(`refused ${redacted}`);
    expect(error.message).toBe('cannot write Ann Ample');
  });

  it('are handed on as they are when a message has nothing personal', () => {
    const error = new Error('x');
    expect(redactError([], person, error)).toBe(error);
    expect(redactError(paths, person, { told: 'Ann Ample' })).toBe(`{"told":"${redacted}"}`);
  });

  it('end although their causes are a ring', () => {
    const error = new Error('Ann Ample');
    error.cause = error;
    expect(JSON.stringify(redactError(paths, person, error))).toBeDefined();
  });
});

describe('broken contracts', () => {
  const broken = (instancePath: string) => [
    { instancePath, schemaPath: '#/x', keyword: 'type', params: {}, message: 'must be string' },
  ];

  it('are told by the place, not by the names that the payload chose', () => {
    expect(redactPointer(['people.*.email'], '/people/ann@example.org/email')).toBe('/people/*/email');
    expect(redactPointer(['contacts'], '/contacts/ann@example.org/0/kind')).toBe('/contacts/…');
    expect(redactPointer(['entityData.addresses.street'], '/entityData/addresses/3/street')).toBe(
      '/entityData/addresses/3/street',
    );
    expect(redactPointer(['email'], '/id')).toBe('/id');
    expect(redactPointer(['email'], '')).toBe('');
    expect(redactPointer(['a~b/c.*'], '/a~0b~1c/ann')).toBe('/a~0b~1c/*');
  });

  it('are written so in sentences', () => {
    expect(formatErrors(broken('/contacts/ann@example.org'), 5, ['contacts'])).toBe('/contacts/… must be string');
    expect(formatErrors(broken('/contacts/ann@example.org'))).toBe('/contacts/ann@example.org must be string');
  });
});
