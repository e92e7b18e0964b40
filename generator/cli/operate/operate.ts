import { brokerFor } from '../../../runtime/brokers/registry.js';
import { SeamwrightError, UnavailableError, UsageError } from '../../../runtime/errors.js';
import { storeFor } from '../../../runtime/stores/registry.js';
import type { Store } from '../../../runtime/stores/store.js';
import type { Finding } from '../../diagnostics/finding.js';
import { findWorkspaces } from '../../load/find.js';
import { loadWorkspace } from '../../load/workspace.js';
import { buildModel } from '../../model/build.js';
import type { Model } from '../../model/types.js';
import { type RunningSystem, runningSystem } from '../../operate/system.js';
import type { CommandInput, ExitCode } from '../command.js';
import { printReport } from '../printing.js';
import { connectionsOf } from './connections.js';

/** What a command does with the system; `signal` is aborted when the user wants to stop. */
export type Work = (system: RunningSystem, signal: AbortSignal) => Promise<ExitCode>;

/**
 * Reads the contracts, opens what they and the options name, lets `work` work, and closes everything again. A mistake of the user's and a part that is
 * away end in one sentence and 2, never in a stack trace.
 */
export async function operate(input: CommandInput, workspace: readonly string[], work: Work): Promise<ExitCode> {
  const { io, options } = input;
  const { model, findings } = await readModel(input, workspace);
  if (model === undefined) {
    if (findings.length > 0)
      printReport(io, { ...options, format: options.format === 'json' ? 'json' : 'text' }, findings, undefined);
    return 2;
  }
  return attempt(input, async () => {
    const connections = connectionsOf(model, { options, env: io.env });
    const stores = new Map<string, Store>();
    const broker = await brokerFor(connections.broker);
    const stop = new AbortController();
    void io.interrupted().then(() => stop.abort(new Error('interrupted')));
    try {
      const system = runningSystem(model, {
        broker,
        store(service) {
          const open = stores.get(service) ?? storeFor(urlOf(connections.database(service), service), service);
          stores.set(service, open);
          return open;
        },
      });
      return await work(system, stop.signal);
    } finally {
      io.progress('');
      for (const store of stores.values()) await store.close().catch(() => {});
      await broker.close().catch(() => {});
    }
  });
}

/** Runs `work`; what it throws on purpose is told in a sentence with a next step. */
export async function attempt({ io, options }: CommandInput, work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SeamwrightError)) throw error;
    io.progress('');
    const sentence = sentenceOf(error);
    if (options.format === 'json') io.out(JSON.stringify({ error: sentence }));
    else io.err(`error: ${sentence}`);
    return 2;
  }
}

/** What somebody did wrong, or which part is away, with a next step. */
export function sentenceOf(error: SeamwrightError): string {
  const next =
    error instanceof UnavailableError ? '. See that it runs and that its address is right, then try again' : '';
  const whole = `${error.message}${next}`;
  return whole.endsWith('?') ? whole : `${whole}.`;
}

function urlOf(url: string | undefined, service: string): string {
  if (url !== undefined) return url;
  throw new UsageError(
    `nobody has said where the database of "${service}" is, and an embedded one lives inside its process. Name it with --database ${service}=URL or SEAMWRIGHT_DATABASE_URL`,
  );
}

async function readModel(
  { io, options }: CommandInput,
  workspace: readonly string[],
): Promise<{ readonly model?: Model; readonly findings: readonly Finding[] }> {
  const { dirs, findings: missing } = findWorkspaces(io.cwd, workspace);
  if (missing.length > 0) return { findings: missing };
  const models: Model[] = [];
  for (const dir of dirs) {
    // Whether documents keep to their standards is for `check`; what runs has been generated from them already.
    const loaded = await loadWorkspace(dir, { cwd: io.cwd, env: io.env, validate: 'fast' });
    if (loaded.workspace === undefined || loaded.findings.some((finding) => finding.unreadable)) {
      return { findings: loaded.findings };
    }
    models.push(buildModel(loaded.workspace).model);
  }
  const wanted = typeof options.system === 'string' ? options.system : undefined;
  const found = models.filter((model) => wanted === undefined || model.system === wanted);
  const [model] = found;
  if (model !== undefined && found.length === 1) return { model, findings: [] };
  const known = models.map(({ system }) => `"${system}"`).join(', ');
  const sentence =
    wanted === undefined
      ? `several systems were found: ${known}. Name one with --system or the folder of its contracts.`
      : `there is no system "${wanted}"; there are ${known}.`;
  if (options.format === 'json') io.out(JSON.stringify({ error: sentence }));
  else io.err(`error: ${sentence}`);
  return { findings: [] };
}
