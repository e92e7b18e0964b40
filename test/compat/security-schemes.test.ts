import { expect, it } from 'vitest';
import { compareDocuments } from './compare-documents.js';

const flow = (name: string, tokenUrl: string): object => ({ [name]: { tokenUrl, scopes: { read: 'Read.' } } });
const document = (scheme: object): object => ({
  openapi: '3.1.0',
  info: { title: 'A', version: '1.0.0' },
  paths: { '/a': { get: { operationId: 'a', security: [{ key: [] }], responses: { 200: { description: 'ok' } } } } },
  components: { securitySchemes: { key: scheme } },
});
const password = { type: 'oauth2', flows: flow('password', 'https://a.example/token') };

it.each([
  ['another place', { type: 'apiKey', in: 'header', name: 'k' }, { type: 'apiKey', in: 'query', name: 'k' }, true],
  ['another header', { type: 'apiKey', in: 'header', name: 'k' }, { type: 'apiKey', in: 'header', name: 'l' }, true],
  ['another scheme', { type: 'http', scheme: 'bearer' }, { type: 'http', scheme: 'basic' }, true],
  ['tokens from elsewhere', password, { ...password, flows: flow('password', 'https://b.example/token') }, true],
  [
    'a flow less',
    { ...password, flows: { ...password.flows, ...flow('implicit', 'https://a.example') } },
    password,
    true,
  ],
  [
    'a flow more',
    password,
    { ...password, flows: { ...password.flows, ...flow('implicit', 'https://a.example') } },
    false,
  ],
  ['other words', { type: 'http', scheme: 'bearer' }, { type: 'http', scheme: 'Bearer', bearerFormat: 'JWT' }, false],
  ['case of a header', { type: 'apiKey', in: 'header', name: 'K' }, { type: 'apiKey', in: 'header', name: 'k' }, false],
] as const)('%s under the same name', async (_, before, after, breaks) => {
  const judgements = await compareDocuments('api.openapi.json', document(before), document(after));
  const found = judgements.filter(({ verdict }) => verdict === 'breaking').map(({ rule }) => rule);
  expect(found).toEqual(breaks ? ['security-scheme-changed'] : []);
});
