import { readContract } from '../../../harness/stub/contract.js';
import { parseFault } from '../../../harness/stub/fault.js';
import type { Provider } from '../../../harness/stub/provider.js';
import { providerNamed, type Stub, startProvider } from '../../../harness/stub/start-stub.js';
import { UsageError } from '../../../runtime/errors.js';
import { variableFor } from '../../../runtime/http/address.js';
import { findWorkspaces } from '../../load/find.js';
import type { CommandInput, ExitCode } from '../command.js';
import { durationOption, textOption } from '../operate/arguments.js';
import { attempt } from '../operate/operate.js';

/** `seamwright stub`: serves providers from their OpenAPI documents until it is interrupted. 2 when the contracts or an option cannot be read. */
export async function stub(input: CommandInput): Promise<ExitCode> {
  return attempt(input, async () => {
    const { io, options } = input;
    const wanted = optionsOf(input);
    const providers = await chosen(input);
    const stubs: Stub[] = [];
    try {
      for (const [index, provider] of providers.entries()) {
        const port = wanted.port === 0 ? 0 : wanted.port + index;
        const faults = wanted.faults.filter((fault) => concerns(fault, provider, providers));
        stubs.push(await startProvider(provider, { ...wanted, port, faults }));
      }
      if (options.format === 'json') io.out(JSON.stringify({ stubs: stubs.map(described) }));
      else for (const line of linesOf(stubs, options.quiet === true)) io.out(line);
      await io.interrupted();
    } finally {
      for (const each of stubs) await each.close();
    }
    return 0;
  });
}

function optionsOf({ options }: CommandInput) {
  const host = textOption(options, 'host');
  return {
    port: numberOption(options, 'port', 65_535),
    seed: numberOption(options, 'seed', Number.MAX_SAFE_INTEGER, 1),
    latencyMs: durationOption(options, 'latency') ?? 0,
    faults: ((options.fault ?? []) as readonly string[]).map(parseFault),
    ...(host === undefined ? {} : { host }),
  };
}

function numberOption(options: CommandInput['options'], name: string, max: number, fallback = 0): number {
  const text = textOption(options, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0 && value <= max) return value;
  throw new UsageError(`--${name} takes a whole number from 0 to ${max}, not "${text}"`);
}

/** The providers that the arguments name. Without arguments the only one there is. */
async function chosen({ args, options, io }: CommandInput): Promise<readonly Provider[]> {
  const document = textOption(options, 'openapi');
  const folder = textOption(options, 'workspace');
  if (document !== undefined && folder !== undefined)
    throw new UsageError('--openapi serves a document by itself: leave out --workspace');
  const found =
    document === undefined ? await inWorkspaces(io.cwd, folder) : await readContract({ document, cwd: io.cwd });
  return args.length === 0 ? [providerNamed(found, undefined)] : args.map((name) => providerNamed(found, name));
}

async function inWorkspaces(cwd: string, folder: string | undefined): Promise<readonly Provider[]> {
  const { dirs, findings } = findWorkspaces(cwd, folder === undefined ? [] : [folder]);
  const [missing] = findings;
  if (missing !== undefined) throw new UsageError(missing.message.replace(/\.$/, ''));
  return (await Promise.all(dirs.map((workspace) => readContract({ workspace, cwd })))).flat();
}

/** A fault of an operation is for the provider that has it; one that nobody has is refused by the first. */
function concerns(fault: ReturnType<typeof parseFault>, provider: Provider, all: readonly Provider[]): boolean {
  const { operation } = fault;
  const has = ({ operations }: Provider) =>
    operations.some(({ id, name, definition }) =>
      [id, name, `${definition.method} ${definition.path}`].includes(operation ?? ''),
    );
  return operation === undefined || has(provider) || !all.some(has);
}

function described({ service, url, operations }: Stub) {
  return { service, url, operations, variable: variableFor(service) };
}

/** Lines that a shell can take as they are; the rest are comments to it. */
function linesOf(stubs: readonly Stub[], quiet: boolean): readonly string[] {
  const variables = stubs.map(({ service, url }) => `${variableFor(service)}=${url}`);
  if (quiet) return variables;
  const counts = stubs.map(({ service, operations }) => `# ${service}: ${operations.length} operations`);
  return [...counts, ...variables, '# faults at /__stub/faults, requests at /__stub/requests; Ctrl-C ends'];
}
