import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startProvider } from '../../harness/stub/start-stub.js';
import { compile } from '../corpus/compile.js';
import { type CorpusDocument, corpusDocuments } from '../corpus/documents.js';
import { credentialsFor, type Generated, generateClient, importClient, queryKeysOf } from '../stub/clients.js';
import { type Driven, drive } from '../stub/drive.js';

// The folder of public documents is too large, and its licences too many, to lie here: SEAMWRIGHT_CORPUS names it. Those of our own always run.
const ROOT = join(import.meta.dirname, '../..');
const corpus = process.env.SEAMWRIGHT_CORPUS;
// Inside the project, so that the generated code finds the runtime by its name.
const output = join(ROOT, `.seamwright/test-public-clients-${process.pid}`);

afterAll(() => rmSync(output, { recursive: true, force: true }));

describe('a generated client and a stub of the same document', () => {
  it('understand each other on every operation and every documented status of our own documents', async () => {
    const documents = corpusDocuments(join(ROOT, 'test/stub/documents'));
    const { failures, operations, successes, refusals, refused } = await driveAll(documents, 'own');
    expect([...refused, ...failures]).toEqual([]);
    expect(operations).toBeGreaterThanOrEqual(17);
    // One operation documents no answer at all.
    expect(successes).toBeGreaterThanOrEqual(operations - 1);
    expect(refusals).toBeGreaterThanOrEqual(15);
  });

  it.skipIf(corpus === undefined)(
    'understand each other on at least 20 public documents',
    async () => {
      const documents = corpusDocuments(corpus ?? '').filter(({ kind }) => kind === 'openapi');
      const { clients, failures, operations, successes, refusals, refused } = await driveAll(documents, 'public');
      console.log({ documents: documents.length, clients, operations, successes, refusals });
      for (const text of [...refused, ...failures]) console.log(text.slice(0, 300));
      expect(clients).toBeGreaterThanOrEqual(20);
      // Some documents contradict themselves: no request keeps a schema that wants two types at once.
      const broken = failures.filter((text) => !text.endsWith('no valid request was found'));
      expect(broken).toEqual([]);
      expect(failures.length).toBeLessThan(operations / 50);
    },
    900_000,
  );
});

interface Sum extends Driven {
  readonly clients: number;
  /** Documents that the generator refuses, with its reason: they have no client that could fail. */
  readonly refused: readonly string[];
}

async function driveAll(documents: readonly CorpusDocument[], name: string): Promise<Sum> {
  const folder = join(output, name);
  mkdirSync(folder, { recursive: true });
  const generated: Generated[] = [];
  const refused: string[] = [];
  for (const [index, document] of documents.entries()) {
    try {
      generated.push(await generateClient(document, join(folder, `d${index}`)));
    } catch (error) {
      refused.push(error instanceof Error ? error.message : String(error));
    }
  }
  const errors = await compile(
    folder,
    generated.map(({ dir }) => basename(dir)),
  );
  const driven: Driven[] = [];
  for (const each of generated) driven.push(await driveOne(each));
  const sum = (key: 'operations' | 'successes' | 'refusals') => driven.reduce((total, each) => total + each[key], 0);
  return {
    clients: generated.length,
    refused,
    operations: sum('operations'),
    successes: sum('successes'),
    refusals: sum('refusals'),
    failures: [...[...errors.values()].flat(), ...driven.flatMap(({ failures }) => failures)],
  };
}

async function driveOne(generated: Generated): Promise<Driven> {
  const { provider, document } = generated;
  const create = await importClient(generated);
  const stub = await startProvider(provider, {});
  try {
    const keys = queryKeysOf(provider).map((key) => `${encodeURIComponent(key)}=key`);
    const client = create({
      urls: { [provider.service]: stub.url },
      authorize: () => credentialsFor(provider),
      fetch: (url: string, init: RequestInit) =>
        fetch(keys.length === 0 ? url : `${url}${url.includes('?') ? '&' : '?'}${keys.join('&')}`, init),
      log: silent,
    });
    return await drive(client, provider.operations, document.name);
  } finally {
    await stub.close();
  }
}

const nothing = (): void => {};
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
