import { randomUUID } from 'node:crypto';
import { type MemoryBroker, memoryBroker, storeFor } from 'seamwright/runtime';
import { expect } from 'vitest';
import { dropPgliteSchema } from '../../runtime/stores/pglite.js';
import { createAccountsApp } from '../../services/easyplatform/accounts/create.js';
import { createTextSnippetHiringApp } from '../../services/easyplatform/text-snippet-hiring/create.js';
import { createTextSnippetInsightsApp } from '../../services/easyplatform/text-snippet-insights/create.js';
import { createTextSnippetPeopleApp } from '../../services/easyplatform/text-snippet-people/create.js';
import { createTextSnippetSurveysApp } from '../../services/easyplatform/text-snippet-surveys/create.js';
import { badDay } from './bad-day.js';

/** All of EasyPlatform in this process, called over real HTTP, on a bad day. */
export interface EasyPlatform {
  readonly broker: MemoryBroker;
  readonly accounts: ReturnType<typeof createAccountsApp>;
  readonly people: ReturnType<typeof createTextSnippetPeopleApp>;
  readonly hiring: ReturnType<typeof createTextSnippetHiringApp>;
  readonly surveys: ReturnType<typeof createTextSnippetSurveysApp>;
  readonly insights: ReturnType<typeof createTextSnippetInsightsApp>;
  /** Where each owner answers. */
  readonly urls: Readonly<Record<string, string>>;
  /** Resolves when every message has had its effect. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export async function startEasyPlatform(): Promise<EasyPlatform> {
  const broker = memoryBroker({ faults: badDay });
  const on = async (service: string) => {
    await dropPgliteSchema(service);
    return { broker: broker.connect(), store: storeFor('pglite:', service) };
  };
  const accounts = createAccountsApp(await on('accounts'));
  await accounts.start();
  const people = createTextSnippetPeopleApp({ ...(await on('text-snippet-people')), urls: { accounts: accounts.url } });
  const hiring = createTextSnippetHiringApp(await on('text-snippet-hiring'));
  const surveys = createTextSnippetSurveysApp(await on('text-snippet-surveys'));
  const insights = createTextSnippetInsightsApp(await on('text-snippet-insights'));
  for (const app of [people, hiring, surveys, insights]) await app.start();
  // In the order in which messages flow, so that one round is enough.
  const apps = [accounts, hiring, people, surveys, insights];
  return {
    ...{ broker, accounts, people, hiring, surveys, insights },
    urls: { accounts: accounts.url, 'text-snippet-people': people.url, 'text-snippet-surveys': surveys.url },
    async settled() {
      for (const app of apps) await app.service.settled();
    },
    async stop() {
      for (const app of apps.reverse()) await app.stop();
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

/** One request, with an idempotency key of its own when none is given. */
export async function call(
  app: { readonly url: string },
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  key: string = randomUUID(),
): Promise<Answer> {
  const response = await fetch(app.url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(method === 'POST' && { 'idempotency-key': key }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

/** Creates something and answers its id. */
export async function create(app: { readonly url: string }, path: string, body: unknown): Promise<string> {
  const answer = await call(app, 'POST', path, body);
  expect(answer).toMatchObject({ status: 201 });
  expect(answer.headers.get('location')).toBe(`${path}/${String(answer.body.id)}`);
  return String(answer.body.id);
}
