import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createService, type Service, storeFor } from 'seamwright/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { servicesToEmit } from '../../generator/emit/service-facts.js';
import { loadWorkspace } from '../../generator/load/workspace.js';
import { buildModel } from '../../generator/model/build.js';
import { serviceDefinition } from '../../generator/operate/definition.js';
import { messageDefinitions } from '../../generator/operate/message-definition.js';
import type { Broker, Topology } from '../../runtime/brokers/broker.js';
import { brokerFor } from '../../runtime/brokers/registry.js';
import { RejectMessageError } from '../../runtime/errors.js';
import type { OwnedEntity } from '../../runtime/owned.js';
import { controlTopology } from '../../runtime/sync/control.js';
import { atHand, describeWith, serverKinds } from '../conformance/at-hand.js';
import { remove } from '../conformance/rabbitmq/under-test.js';
import { ROOT, Sandbox } from '../docs/sandbox.js';
import { until } from '../operate/world.js';

/** Names of this run, as long as those of the page. */
const suffix = `-${Math.random().toString(16).slice(2, 6).padEnd(4, '0')}`;
const PAGE = join(ROOT, 'docs/operate.md');

const contracts = {
  'contracts/seamwright.yaml': `seamwright: "1"\nsystem: shop${suffix}\n`,
  'contracts/products/feature.yaml': `name: products
version: 1.0.0
asyncapi: ./asyncapi.yaml
entities:
  Product:
    owner: catalogue${suffix}
    event: ProductChanged
    publish_when: listed
    pii: [supplier]
    full_sync: { operationId: listProducts }
    consumers: [search${suffix}]
events:
  ProductChanged:
    publisher: catalogue${suffix}
    entity: Product
    consumers: [{ service: mail${suffix}, handler: onProductChanged }]
`,
  'contracts/products/asyncapi.yaml': `asyncapi: 3.0.0
info: { title: Shop, version: 1.0.0 }
channels:
  products: { address: catalogue${suffix}.product, messages: { ProductChanged: { $ref: '#/components/messages/ProductChanged' } } }
components:
  messages:
    ProductChanged:
      payload:
        type: object
        required: [id, name, listed]
        properties: { id: { type: string }, name: { type: string }, listed: { type: boolean }, supplier: { type: string } }
`,
};

interface Product {
  readonly id: string;
  readonly name: string;
  readonly listed: boolean;
  readonly supplier?: string;
}

const rabbitmq = await atHand(serverKinds.rabbitmq);
const postgres = await atHand(serverKinds.postgres);

describeWith('operating a system on RabbitMQ and PostgreSQL', rabbitmq, (brokerUrl) => {
  describeWith('from the command line', postgres, (databaseUrl) => {
    const sandbox = new Sandbox();
    const services = new Map<string, Service>();
    const clients: Broker[] = [];
    const declared: Topology[] = [];
    let template = false;
    let transcript = '';

    beforeAll(async () => {
      for (const [path, text] of Object.entries(contracts)) sandbox.write(path, text);
      process.env.SEAMWRIGHT_BROKER_URL = brokerUrl;
      process.env.SEAMWRIGHT_DATABASE_URL = databaseUrl;
      const { workspace } = await loadWorkspace('contracts', { cwd: sandbox.dir, env: {}, validate: 'fast' });
      if (workspace === undefined) throw new Error('the contracts cannot be read');
      const { model } = buildModel(workspace);
      const messages = messageDefinitions(model);
      for (const facts of servicesToEmit(model)) {
        const { name } = facts.service;
        const broker = await brokerFor(brokerUrl);
        clients.push(broker);
        const definition = serviceDefinition(model, facts, messages);
        declared.push(definition.topology, controlTopology(definition.system, name));
        const service = createService(definition, {
          broker,
          store: storeFor(databaseUrl, name),
          handlers: {
            async onProductChanged({ event }: { readonly event: Product }) {
              if (event.id === 'p2' && !template)
                throw new RejectMessageError(`no template for ${event.supplier ?? ''}`);
            },
          },
          pages: { Product: async (request) => named('catalogue').sync.snapshot('Product', request) },
        });
        services.set(name, service);
        await service.start();
      }
    }, 60_000);

    afterAll(async () => {
      for (const service of services.values()) await service.stop();
      for (const client of clients) await client.close();
      delete process.env.SEAMWRIGHT_BROKER_URL;
      delete process.env.SEAMWRIGHT_DATABASE_URL;
      for (const name of services.keys()) {
        const store = storeFor(databaseUrl, name);
        await store.transaction((tx) => tx.query(`drop schema if exists "${name}" cascade`)).catch(() => {});
        await store.close();
      }
      await remove(brokerUrl, declared);
      sandbox.remove();
    }, 60_000);

    const named = (name: string): Service => {
      const service = services.get(`${name}${suffix}`);
      if (service === undefined) throw new Error(`no service ${name}`);
      return service;
    };

    const change = (product: Product) =>
      named('catalogue').transaction(async (tx) => {
        const { Product: products } = tx as unknown as { readonly Product: OwnedEntity<Product> };
        await products.save(product);
      });

    /** Runs a command as the page shows it, and notes what it prints for the page. */
    async function shown(command: string, exitCode: number): Promise<string> {
      const { lines, exitCode: code } = await sandbox.run(command.replaceAll('-demo', suffix));
      const text = lines.join('\n');
      expect(code, `${command}\n${text}`).toBe(exitCode);
      transcript += `$ ${command}\n${normal(text)}\n`;
      return text;
    }

    const json = async (command: string): Promise<Record<string, unknown>> => {
      const { lines } = await sandbox.run(`${command.replaceAll('-demo', suffix)} --format json`);
      const document = JSON.parse(lines.join('\n')) as Record<string, unknown>;
      expect(document).not.toHaveProperty('error');
      return document;
    };

    it('plays the page', { timeout: 240_000 }, async () => {
      await change({ id: 'p1', name: 'Lamp', listed: true });
      await change({ id: 'p2', name: 'Chair', listed: true, supplier: 'Ada Byron' });
      await change({ id: 'p3', name: 'Table', listed: false });
      await until(async () => ((await json('npx seamwright dlq list')).deadLetters as unknown[]).length === 1);
      const [letter] = (await json('npx seamwright dlq list')).deadLetters as { readonly id: string }[];
      const id = letter?.id ?? '';

      await shown('npx seamwright doctor', 1);
      await shown('npx seamwright dlq list', 0);
      const show = await shown(`npx seamwright dlq show ${id}`, 0);
      expect(show).not.toContain('Ada Byron');
      await shown('npx seamwright dlq replay --service mail-demo --dry-run', 0);
      template = true;
      await shown('npx seamwright dlq replay --service mail-demo', 0);
      expect((await json('npx seamwright dlq list')).deadLetters).toEqual([]);

      const store = storeFor(databaseUrl, `search${suffix}`);
      await store.transaction((tx) => tx.query("delete from sw_copy_product where sw_id = 'p1'"));
      await shown('npx seamwright doctor Product p1', 1);
      await shown('npx seamwright doctor Product p3', 1);
      await shown('npx seamwright reconcile Product', 1);
      await shown('npx seamwright sync force Product p1', 0);
      await shown('npx seamwright reconcile Product', 0);
      await store.transaction((tx) => tx.query('truncate sw_copy_product'));
      await store.close();
      await shown('npx seamwright sync full Product', 0);

      template = false;
      await change({ id: 'p2', name: 'Stool', listed: true, supplier: 'Ada Byron' });
      await until(async () => ((await json('npx seamwright dlq list')).deadLetters as unknown[]).length === 1);
      await shown('npx seamwright dlq drop --service mail-demo --reason discontinued', 2);
      await shown('npx seamwright dlq drop --service mail-demo --reason discontinued --yes --keep dropped.jsonl', 0);
      const record = JSON.parse(readFileSync(join(sandbox.dir, 'dropped.jsonl'), 'utf8')) as {
        readonly bodyBase64: string;
      };
      expect(Buffer.from(record.bodyBase64, 'base64').toString()).toContain('Stool');
      expectPage(transcript);
    });

    it('says in a sentence what it cannot reach, and never a password', { timeout: 60_000 }, async () => {
      const away = await sandbox.run('npx seamwright dlq list --broker amqp://guest:hunter2@127.0.0.1:9');
      expect(away.exitCode).toBe(2);
      expect(away.lines.join('\n')).toMatch(/^error: .*not available.*try again\.$/);
      expect(away.lines.join('\n')).not.toContain('hunter2');
      const embedded = await sandbox.run('npx seamwright dlq list --broker memory:');
      expect(embedded).toMatchObject({ exitCode: 2, lines: [expect.stringContaining('lives inside the process')] });
      const database = `postgres://postgres:hunter2@127.0.0.1:9/test`;
      const lost = await sandbox.run(`npx seamwright reconcile Product --database ${database} --format json`);
      expect(lost.exitCode).toBe(2);
      expect(lost.lines.join('\n')).not.toContain('hunter2');
      expect(JSON.parse(lost.lines.join('\n'))).toHaveProperty('error');
      const wrong = await sandbox.run('npx seamwright doctor Produkt p1');
      expect(wrong).toMatchObject({ exitCode: 2, lines: [expect.stringContaining('Did you mean "Product"?')] });
    });
  });
});

/** Names, ids and instants as the page has them, each as long as it was, so that columns stay where they are. */
function normal(text: string): string {
  const ids = new Map<string, string>();
  return text
    .replaceAll(suffix, '-demo')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
      const known = ids.get(id) ?? `0190d8f5-0000-7000-8000-${String(ids.size + 1).padStart(12, '0')}`;
      ids.set(id, known);
      return known;
    })
    .replace(
      /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g,
      (_, part = '') => `2026-01-01T09:00:00${part.replace(/\d/g, '0')}Z`,
    )
    .replace(/\b1\d{12}\b/g, '1767258000000')
    .replace(/\b\d+[sm] ago */g, (age) => '1s ago'.padEnd(age.length))
    .replace(/ +$/gm, '');
}

/** Every command that the page shows with what it printed. UPDATE_DOCS=1 writes it there. */
function expectPage(transcript: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const left = [...callsOf(transcript)];
  const updated = page.replace(/^```console operate\n([\s\S]*?)^```$/gm, (_, body: string) => {
    const written = callsOf(body).map(([command]) => {
      // A command that is shown twice was played twice, in that order.
      const index = left.findIndex(([name]) => normal(name) === normal(command));
      const [call] = index < 0 ? [] : left.splice(index, 1);
      if (call === undefined) throw new Error(`nobody plays "${command}"`);
      return `$ ${normal(command)}\n${call[1]}`;
    });
    return `\`\`\`console operate\n${written.join('')}\`\`\``;
  });
  expect(left.map(([command]) => command)).toEqual([]);
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, updated);
  else expect(updated).toBe(page);
}

function callsOf(text: string): readonly (readonly [command: string, output: string])[] {
  return text
    .split(/^(?=\$ )/m)
    .filter((part) => part !== '')
    .map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(2, end), part.slice(end + 1)] as const;
    });
}
