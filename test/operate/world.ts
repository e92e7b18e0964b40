import { type MemoryBroker, memoryBroker, type Store, storeFor } from 'seamwright/runtime';
import type { DeadLetterFilter } from '../../generator/operate/dead-letters.js';
import { listDeadLetters } from '../../generator/operate/dead-letters.js';
import { type RunningSystem, runningSystem } from '../../generator/operate/system.js';
import { systemClock } from '../../runtime/clock.js';
import { UsageError } from '../../runtime/errors.js';
import { dropPgliteSchema } from '../../runtime/stores/pglite.js';
import { createAccountsApp } from '../../services/easyplatform/accounts/create.js';
import { createTextSnippetInsightsApp } from '../../services/easyplatform/text-snippet-insights/create.js';
import { createTextSnippetPeopleApp } from '../../services/easyplatform/text-snippet-people/create.js';
import { createTextSnippetSurveysApp } from '../../services/easyplatform/text-snippet-surveys/create.js';
import { modelOf } from './system-model.js';

/** Part of EasyPlatform as an operator finds it: services that run, a broker and databases to ask. */
export interface OperateWorld {
  readonly broker: MemoryBroker;
  readonly accounts: ReturnType<typeof createAccountsApp>;
  readonly people: ReturnType<typeof createTextSnippetPeopleApp>;
  readonly surveys: ReturnType<typeof createTextSnippetSurveysApp>;
  readonly insights: ReturnType<typeof createTextSnippetInsightsApp>;
  readonly system: RunningSystem;
  store(service: string): Store;
  settled(): Promise<void>;
  ids(filter?: DeadLetterFilter): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export async function startOperateWorld(): Promise<OperateWorld> {
  const broker = memoryBroker();
  const names = [
    'accounts',
    'text-snippet-people',
    'text-snippet-surveys',
    'text-snippet-insights',
    'text-snippet-hiring',
  ];
  const stores = new Map<string, Store>();
  for (const name of names) {
    await dropPgliteSchema(name);
    stores.set(name, storeFor('pglite:', name));
  }
  const on = (service: string) => ({ broker: broker.connect(), store: stores.get(service) as Store });
  const accounts = createAccountsApp(on('accounts'));
  await accounts.start();
  const people = createTextSnippetPeopleApp({ ...on('text-snippet-people'), urls: { accounts: accounts.url } });
  await people.start();
  const urls = {
    accounts: accounts.url,
    'text-snippet-people': people.url,
    'text-snippet-surveys': 'http://127.0.0.1:9',
  };
  const surveys = createTextSnippetSurveysApp({ ...on('text-snippet-surveys'), urls });
  const insights = createTextSnippetInsightsApp({ ...on('text-snippet-insights'), urls });
  for (const app of [surveys, insights]) await app.start();
  const apps = [accounts, people, surveys, insights];
  const store = (service: string): Store => {
    const found = stores.get(service);
    if (found === undefined) throw new UsageError(`no database of ${service}`);
    return found;
  };
  const system = runningSystem(await modelOf('easyplatform'), { broker: broker.connect(), store });
  return {
    ...{ broker, accounts, people, surveys, insights, system, store },
    async settled() {
      for (const app of apps) await app.service.settled();
    },
    ids: async (filter = {}) => (await listDeadLetters(system, filter, { limit: 1_000 })).found.map(({ id }) => id),
    async stop() {
      for (const app of [...apps].reverse()) await app.stop();
      await broker.close();
    },
  };
}

/** Waits for a condition; fails after ten seconds. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = systemClock.now() + 10_000;
  while (!(await holds())) {
    if (systemClock.now() > deadline) throw new Error('it never came true');
    await systemClock.sleep(10);
  }
}
