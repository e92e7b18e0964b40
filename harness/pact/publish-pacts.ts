import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnavailableError, UsageError } from '../../runtime/errors.js';
import { safeUrl } from '../../runtime/safe-url.js';
import { parsePact } from './read-pacts.js';

export interface PublishOptions {
  /** Base URL of a Pact broker. */
  readonly url: string;
  /** Folder of the Pact files. */
  readonly pacts: string;
  /** Version of each consumer, by its name; a text where all have the same, such as the commit. */
  readonly version: string | Readonly<Record<string, string>>;
  /** Only the files of this consumer. Default: all. */
  readonly consumer?: string;
  /** Branch that the version comes from. */
  readonly branch?: string;
  readonly tags?: readonly string[];
  /** Where the build can be seen. */
  readonly buildUrl?: string;
  /** Bearer token, or a user with a password. Default: nobody asks. */
  readonly auth?: { readonly token: string } | { readonly username: string; readonly password: string };
  /** Longest wait for one answer, in ms. Default 30000. */
  readonly timeoutMs?: number;
  /** Default: the platform's own. */
  readonly fetch?: typeof fetch;
}

/** A file that the broker has taken. */
export interface PublishedPact {
  readonly consumer: string;
  readonly provider: string;
  readonly version: string;
}

/**
 * Sends Pact files to a broker, all files of a consumer in one request. Throws `UsageError` when there are none, a version is missing, a file is none, or the broker
 * refuses them, and `UnavailableError` when it cannot be reached; what was sent before stays there. Neither tells a credential.
 */
export async function publishPacts(options: PublishOptions): Promise<readonly PublishedPact[]> {
  const address = addressOf(options.url);
  const byConsumer = readFiles(options);
  const published: PublishedPact[] = [];
  for (const [consumer, files] of byConsumer) {
    const version = typeof options.version === 'string' ? options.version : options.version[consumer];
    if (version === undefined || version === '')
      throw new UsageError(
        `no version of "${consumer}" is known: services.yaml or the caller must say which one it is`,
      );
    await send(address, options, {
      pacticipantName: consumer,
      pacticipantVersionNumber: version,
      ...(options.branch !== undefined && { branch: options.branch }),
      ...(options.tags !== undefined && { tags: options.tags }),
      ...(options.buildUrl !== undefined && { buildUrl: options.buildUrl }),
      contracts: files.map(({ provider, text }) => ({
        ...{ consumerName: consumer, providerName: provider },
        ...{ specification: 'pact', contentType: 'application/json', onConflict: 'overwrite' },
        content: Buffer.from(text).toString('base64'),
      })),
    });
    published.push(...files.map(({ provider }) => ({ consumer, provider, version })));
  }
  return published;
}

interface PactText {
  readonly provider: string;
  readonly text: string;
}

function readFiles({ pacts, consumer }: PublishOptions): ReadonlyMap<string, readonly PactText[]> {
  const found = new Map<string, PactText[]>();
  const names = existsSync(pacts) ? readdirSync(pacts).sort() : [];
  for (const name of names.filter((each) => each.endsWith('.json'))) {
    const text = readFileSync(join(pacts, name), 'utf8');
    const file = parsePact(text);
    if (file === undefined) throw new UsageError(`${name} is no Pact file of version 4`);
    if (consumer !== undefined && file.consumer.name !== consumer) continue;
    const own = found.get(file.consumer.name) ?? [];
    own.push({ provider: file.provider.name, text });
    found.set(file.consumer.name, own);
  }
  if (found.size > 0) return found;
  const whose = consumer === undefined ? '' : ` of "${consumer}"`;
  throw new UsageError(`there are no Pact files${whose} to publish; run seamwright generate`);
}

function addressOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol))
    throw new UsageError(`the address of the Pact broker is no http(s) URL: ${safeUrl(url)}`);
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}/contracts/publish`;
}

async function send(address: string, options: PublishOptions, body: object): Promise<void> {
  const { auth, timeoutMs = 30_000, fetch: ask = fetch } = options;
  let answer: Response;
  try {
    answer = await ask(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/hal+json, application/json',
        ...credentials(auth),
      },
      body: JSON.stringify(body),
      // Credentials go to this address and nowhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new UnavailableError(`the Pact broker at ${safeUrl(address)}`, error);
  }
  if (answer.ok) {
    await answer.body?.cancel();
    return;
  }
  const said = (await answer.text().catch(() => '')).slice(0, 500);
  const why = answer.status === 401 || answer.status === 403 ? 'it does not accept the credentials' : said;
  throw new UsageError(`the Pact broker at ${safeUrl(address)} answers ${answer.status}: ${why}`);
}

function credentials(auth: PublishOptions['auth']): Readonly<Record<string, string>> {
  if (auth === undefined) return {};
  if ('token' in auth) return { authorization: `Bearer ${auth.token}` };
  return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` };
}
