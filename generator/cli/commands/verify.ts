import pc from 'picocolors';
import type { PublishedPact } from '../../../harness/pact/publish-pacts.js';
import type { Level, ServiceResult, VerifyResult } from '../../../harness/result.js';
import { summaryOf } from '../../../harness/result.js';
import { SeamwrightError, UsageError } from '../../../runtime/errors.js';
import { findWorkspaces } from '../../load/find.js';
import type { CommandInput, ExitCode } from '../command.js';
import { textOption } from '../operate/arguments.js';
import { attempt, sentenceOf } from '../operate/operate.js';
import { refuseBesideMixed, withOldRevision } from '../verify/mixed-with.js';
import type { Publishing } from '../verify/publishing.js';

const levelNames: readonly Level[] = ['pact', 'sim', 'sql', 'live'];

/** `seamwright verify`: proves that services honour their contracts. 1 when a promise breaks, 2 when there is nothing that could be verified. */
export async function verifyCommand(input: CommandInput): Promise<ExitCode> {
  return attempt(input, async () => {
    const { io, options } = input;
    refuseBesideMixed(options);
    if (options.list === true) return listScenarios(input);
    const wanted = namesOption(options, 'service');
    const wishes = wishesOf(input);
    const verified = (await systemsOf(input)).map((system) => ({
      system,
      services: [...system.services.keys()].filter((name) => wanted?.includes(name) ?? true).sort(),
    }));
    if (verified.every(({ services }) => services.length === 0)) throw new UsageError(nothingText(options));
    const { publishingOf } = await import('../verify/publishing.js');
    const publishing = publishingOf(input, wishes.levels, verified);
    const { verify } = await import('../../../harness/verify.js');
    const results: ServiceResult[] = [];
    for (const { system, services } of verified) {
      if (services.length === 0) continue;
      const asked = textOption(options, 'mixedWith');
      const asks = { ...wishes, services, progress: (text: string) => io.progress(text) };
      const result =
        asked === undefined
          ? await verify(system, asks)
          : await withOldRevision(system, asked, io, (mixedWith) => verify(system, { ...asks, mixedWith }));
      results.push(...result.services);
    }
    const result: VerifyResult = { services: results, summary: summaryOf(results) };
    const outcome = publishing && (await outcomeOf(publishing, results, input));
    io.progress('');
    await print(input, result, outcome);
    if (result.summary.failed > 0) return 1;
    return outcome?.error === undefined ? 0 : 2;
  });
}

/** What became of `--publish-pacts`: files, or the sentence that says why there are none. */
interface Outcome {
  readonly published: readonly PublishedPact[];
  readonly error?: string;
}

/** A broker that refuses must not swallow the report of a verification that took minutes. */
async function outcomeOf(
  publishing: Publishing,
  results: readonly ServiceResult[],
  { io }: CommandInput,
): Promise<Outcome> {
  io.progress('publishing Pact files');
  const { publishVerified } = await import('../verify/publishing.js');
  try {
    const publication = await publishVerified(publishing, results);
    return publication.kind === 'published'
      ? { published: publication.files }
      : { published: [], error: publication.reason };
  } catch (error) {
    if (!(error instanceof SeamwrightError)) throw error;
    return { published: [], error: sentenceOf(error) };
  }
}

function nothingText(options: CommandInput['options']): string {
  const wanted = namesOption(options, 'service');
  return wanted === undefined
    ? 'no service has generated code: run "seamwright generate" first'
    : `there is no service "${wanted.join(', ')}" with generated code: run "seamwright generate", or mind the name`;
}

async function systemsOf({ args, io }: CommandInput) {
  const { dirs, findings } = findWorkspaces(io.cwd, [...args]);
  const [missing] = findings;
  if (missing !== undefined) throw new UsageError(missing.message.replace(/\.$/, ''));
  io.progress('reading contracts and code');
  const { loadSystem } = await import('../../../harness/system.js');
  const systems = [];
  for (const workspace of dirs) systems.push(await loadSystem({ workspace, cwd: io.cwd, env: io.env }));
  return systems;
}

function wishesOf({ options }: CommandInput) {
  const levels = namesOption(options, 'level');
  for (const level of levels ?? []) {
    if (!levelNames.some((name) => name === level))
      throw new UsageError(`--level takes ${levelNames.join(', ')}, not "${level}"`);
  }
  const seed = wholeOption(options, 'seed');
  const runs = wholeOption(options, 'runs');
  const scenarios = namesOption(options, 'scenario');
  return {
    ...(levels && { levels: levels as readonly Level[] }),
    ...(seed !== undefined && { seed }),
    ...(runs !== undefined && { runs }),
    ...(scenarios && { scenarios }),
    ...(options.exhaustive === true && { exhaustive: true }),
    ...(options.score === true && { score: true }),
    ...(textOption(options, 'report') !== undefined && { samples: true }),
  };
}

/** `--service a --service b` and `--service a,b` mean the same. */
function namesOption(options: CommandInput['options'], name: string): readonly string[] | undefined {
  const given = options[name] as readonly string[] | string | undefined;
  if (given === undefined) return undefined;
  return [given]
    .flat()
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function wholeOption(options: CommandInput['options'], name: string): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`--${name} takes a whole number from 0, not "${text}"`);
}

async function print({ io, options }: CommandInput, result: VerifyResult, outcome?: Outcome): Promise<void> {
  const folder = textOption(options, 'report');
  if (folder !== undefined) {
    const { writeReports } = await import('../../../harness/report/write-reports.js');
    for (const file of writeReports(result, folder, io.cwd)) if (options.format === 'text') io.err(`wrote ${file}`);
  }
  if (options.format === 'json') return io.out(JSON.stringify({ ...result, ...(outcome && { publishing: outcome }) }));
  await printText({ io, options }, result);
  for (const { consumer, provider, version } of outcome?.published ?? [])
    io.err(`published ${consumer} ${version} -> ${provider}`);
  if (outcome?.error !== undefined) io.err(`error: ${outcome.error}`);
}

async function printText({ io, options }: Pick<CommandInput, 'io' | 'options'>, result: VerifyResult): Promise<void> {
  if (options.format === 'junit') {
    const { junitReport } = await import('../../../harness/report/junit.js');
    return io.out(junitReport(result));
  }
  const { textReport, noPaint } = await import('../../../harness/report/text.js');
  const paint = io.color ? { red: pc.red, green: pc.green, dim: pc.dim, bold: pc.bold } : noPaint;
  io.out(textReport(result, paint, io.elapsedMs()));
}

/** Scenarios of one revision, then those that need a second one. */
async function listScenarios({ io, options }: CommandInput): Promise<ExitCode> {
  const { scenarios } = await import('../../../harness/scenarios/registry.js');
  const { mixedScenarios } = await import('../../../harness/mixed/scenarios.js');
  const listed = [
    ...scenarios.map(({ id, title, after }) => ({ scenario: id, title, invariants: after })),
    ...mixedScenarios.map(({ id, title, after }) => ({
      scenario: id,
      title,
      invariants: after,
      needs: '--mixed-with',
    })),
  ];
  if (options.format === 'json') io.out(JSON.stringify({ scenarios: listed }));
  else
    for (const { scenario, title, ...one } of listed)
      io.out(`${scenario.padEnd(36)} ${title}${'needs' in one ? ` (${one.needs})` : ''}`);
  return 0;
}
