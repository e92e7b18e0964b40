import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathSegment, typeName } from '../../generator/emit/names.js';
import { readContract } from '../../harness/stub/contract.js';
import type { Provider } from '../../harness/stub/provider.js';
import type { CorpusDocument } from '../corpus/documents.js';
import { attempt } from '../corpus/generate.js';
import type { AnyClient } from './drive.js';

/** A document with the client that was generated from it. */
export interface Generated {
  readonly document: CorpusDocument;
  readonly provider: Provider;
  /** Folder of the workspace, `generated` in it. */
  readonly dir: string;
}

type CreateClient = (options: object) => AnyClient;

/** Generates the client of a document into `dir`. Throws when the document is refused: the refusal says why. */
export async function generateClient(document: CorpusDocument, dir: string): Promise<Generated> {
  mkdirSync(dir, { recursive: true });
  const made = await attempt(document, dir);
  if (made.crashed !== undefined) throw new Error(`${document.name}: ${made.crashed}`);
  if (made.refused !== undefined) throw new Error(`${document.name} is refused: ${made.refused.join('; ')}`);
  // Without a package of its own the generated code belongs to this one, and finds the runtime by its name.
  rmSync(join(dir, 'package.json'));
  const [provider] = await readContract({ document: join(dir, 'contracts', document.entry), cwd: dir });
  if (provider === undefined) throw new Error(`${document.name} has no operation`);
  return { document, provider, dir };
}

/** The `create…Client` function of a generated client. */
export async function importClient({ dir, provider }: Generated): Promise<CreateClient> {
  const { service } = provider;
  const module = (await import(
    join(dir, 'generated', 'corpus', 'http', `${pathSegment(service)}.client.gen.ts`)
  )) as Record<string, CreateClient>;
  const create = module[`create${typeName(service)}Client`];
  if (create === undefined) throw new Error(`the client of ${service} has no function to create it`);
  return create;
}

/** Credentials of every kind that a document may ask for. */
export function credentialsFor({ operations }: Provider): Readonly<Record<string, string>> {
  const schemes = operations.flatMap(({ security }) => security);
  const keys = schemes.filter(({ type }) => type === 'apiKey');
  const basic = schemes.some(({ type, scheme }) => type === 'http' && String(scheme).toLowerCase() === 'basic');
  const bearer = schemes.some(
    ({ type, scheme }) => type !== 'apiKey' && String(scheme ?? '').toLowerCase() !== 'basic',
  );
  return {
    ...(bearer ? { authorization: 'Bearer token' } : basic ? { authorization: 'Basic dXNlcjpwYXNz' } : {}),
    ...Object.fromEntries(keys.filter((key) => key.in === 'header').map(({ name }) => [String(name), 'key'])),
    ...Object.fromEntries(
      keys.filter((key) => key.in === 'cookie').map(({ name }) => ['cookie', `${String(name)}=key`]),
    ),
  };
}

/** Keys that a document wants in the query, which is no place that a client writes credentials to. */
export function queryKeysOf({ operations }: Provider): readonly string[] {
  return [
    ...new Set(
      operations.flatMap(({ security }) =>
        security.filter((scheme) => scheme.type === 'apiKey' && scheme.in === 'query').map(({ name }) => String(name)),
      ),
    ),
  ];
}
