import { join } from 'node:path';
import { type PublishedPact, type PublishOptions, publishPacts } from '../../../harness/pact/publish-pacts.js';
import { readPacts } from '../../../harness/pact/read-pacts.js';
import type { Level, ServiceResult } from '../../../harness/result.js';
import type { SystemUnderTest } from '../../../harness/system.js';
import { UsageError } from '../../../runtime/errors.js';
import { safeUrl } from '../../../runtime/safe-url.js';
import type { CommandInput } from '../command.js';
import { textOption } from '../operate/arguments.js';

type Target = Pick<PublishOptions, 'url' | 'auth'>;

/** A consumer under test whose Pact files are to be sent. */
interface Consumer {
  readonly system: string;
  readonly name: string;
  readonly version: string;
  /** Folder of the Pact files. */
  readonly pacts: string;
}

/** What `--publish-pacts` asks for, found possible before the first scenario runs. */
export interface Publishing {
  readonly target: Target;
  readonly consumers: readonly Consumer[];
}

/** A system with the services of it that are verified. */
export interface Verified {
  readonly system: Pick<SystemUnderTest, 'model' | 'output'>;
  readonly services: readonly string[];
}

/**
 * What will be published, and with which version: `--pact-version`, else that of the service in services.yaml. Undefined when nobody asks for it. Throws
 * `UsageError` for an address, credentials and versions that cannot be used, and where no Pact file would be put to the test.
 */
export function publishingOf(
  { options, io }: Pick<CommandInput, 'options' | 'io'>,
  levels: readonly Level[] | undefined,
  verified: readonly Verified[],
): Publishing | undefined {
  const url = textOption(options, 'publishPacts');
  const version = textOption(options, 'pactVersion');
  if (url === undefined) {
    if (version === undefined) return undefined;
    throw new UsageError('--pact-version says the version of what --publish-pacts publishes: give both');
  }
  if (levels !== undefined && !levels.includes('pact'))
    throw new UsageError('--publish-pacts publishes what has been verified: add --level pact');
  if (options.scenario !== undefined)
    throw new UsageError('--publish-pacts needs every scenario of the pact level: leave out --scenario');
  const consumers = verified.flatMap(({ system, services }) =>
    services.flatMap((name) => consumerOf(system, name, version)),
  );
  if (consumers.length === 0)
    throw new UsageError(
      'there is nothing to publish: no service that is verified is the consumer of a Pact file. Run seamwright generate',
    );
  return { target: targetOf(url, io.env), consumers };
}

/** What was sent, or why nothing was. */
export type Publication =
  | { readonly kind: 'published'; readonly files: readonly PublishedPact[] }
  | { readonly kind: 'kept'; readonly reason: string };

/** Sends the files when every scenario of the pact level holds and each consumer has passed one. Throws `UsageError` and `UnavailableError` as `publishPacts` does. */
export async function publishVerified(
  { target, consumers }: Publishing,
  results: readonly ServiceResult[],
): Promise<Publication> {
  const proven = results.filter(({ level }) => level === 'pact');
  const broken = proven.find(({ scenarios }) => scenarios.some(({ status }) => status === 'failed'));
  if (broken !== undefined) return kept(`the pact level of "${broken.service}" does not hold`);
  const unproven = consumers.find((consumer) => !proven.some((result) => provesConsumer(result, consumer)));
  if (unproven !== undefined) return kept(`no scenario has proven that "${unproven.name}" keeps to its Pact files`);
  const files: PublishedPact[] = [];
  for (const { name, version, pacts } of consumers)
    files.push(...(await publishPacts({ ...target, pacts, version, consumer: name })));
  return { kind: 'published', files };
}

function kept(why: string): Publication {
  return { kind: 'kept', reason: `no Pact file was published: ${why}.` };
}

function provesConsumer({ system, service, scenarios }: ServiceResult, consumer: Consumer): boolean {
  if (system !== consumer.system || service !== consumer.name) return false;
  return scenarios.some(({ scenario, status }) => scenario.startsWith('pact-consumer') && status === 'passed');
}

function consumerOf(
  { model, output }: Verified['system'],
  name: string,
  given: string | undefined,
): readonly Consumer[] {
  const pacts = join(output, 'pacts');
  if (readPacts(pacts, 'consumer', name).pacts.length === 0) return [];
  const version = given ?? model.services.get(name)?.version;
  if (version !== undefined) return [{ system: model.system, name, version, pacts }];
  throw new UsageError(
    `no version of "${name}" is known: give --pact-version, such as the commit, or write its version into services.yaml`,
  );
}

function targetOf(url: string, env: CommandInput['io']['env']): Target {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol))
    throw new UsageError(`--publish-pacts takes the http(s) address of a Pact broker, not "${safeUrl(url)}"`);
  if (parsed.username !== '' || parsed.password !== '')
    throw new UsageError(
      'an address is shown in logs: give the credentials as PACT_BROKER_TOKEN, or as PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD',
    );
  const auth = authOf(env);
  return { url, ...(auth && { auth }) };
}

function authOf(env: CommandInput['io']['env']): PublishOptions['auth'] {
  const [token, username, password] = ['TOKEN', 'USERNAME', 'PASSWORD'].map(
    (name) => env[`PACT_BROKER_${name}`] || undefined,
  );
  if (token !== undefined && (username !== undefined || password !== undefined))
    throw new UsageError('PACT_BROKER_TOKEN and PACT_BROKER_USERNAME are two ways to prove who publishes: set one');
  if (token !== undefined) return { token };
  if (username === undefined && password === undefined) return undefined;
  if (username === undefined || password === undefined)
    throw new UsageError(
      `PACT_BROKER_${username === undefined ? 'USERNAME' : 'PASSWORD'} is missing: the two belong together`,
    );
  return { username, password };
}
