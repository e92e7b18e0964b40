#!/usr/bin/env node
import { CommanderError, Option, Command as Program } from 'commander';
import { generatorVersion } from '../load/templates.js';
import type { Command, ExitCode, Io } from './command.js';
import { commands } from './registry.js';

// The only place that prints and exits. Heavy modules are imported by the command that needs them.
process.stdout.on('error', stopWhenNobodyReads);
process.stderr.on('error', stopWhenNobodyReads);
process.exitCode = await main(process.argv.slice(2));

/** The reader of a pipe has gone, as with `| head`: what is left to say interests nobody. */
function stopWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

async function main(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  let mistake = '';
  const program = new Program('seamwright')
    .description('Contracts in, both ends of every cross-service edge out.')
    .version(generatorVersion(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeErr: (text) => {
        mistake += text;
      },
    })
    .configureHelp({ sortSubcommands: false })
    .showSuggestionAfterError(true);
  for (const command of commands) {
    const sub = program
      .command(`${command.name} ${command.arguments}`.trim())
      .description(command.summary)
      .copyInheritedSettings(program);
    for (const [flags, description, kind] of command.options) {
      const option = new Option(flags, description);
      sub.addOption(kind === 'repeatable' ? option.argParser(collected) : option);
    }
    sub.addOption(new Option('--format <format>', 'how to report').choices([...command.formats]).default('text'));
    sub.option('--quiet', 'print findings only');
    sub.option('--no-color', 'no colours, also with NO_COLOR set');
    sub.action(async () => {
      exitCode = await runCommand(command, sub.args, sub.opts<Readonly<Record<string, unknown>>>());
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Asking for help or the version is no mistake.
    if (error.exitCode === 0) return 0;
    // Where no format could be read from the arguments, the wish for JSON still counts: a program waits for it.
    if (asksForJson(argv)) process.stdout.write(`${JSON.stringify({ findings: [], error: mistake.trim() })}\n`);
    else process.stderr.write(mistake);
    return 2;
  }
}

function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function asksForJson(argv: readonly string[]): boolean {
  return argv.some((arg, index) => arg === '--format=json' || (arg === '--format' && argv[index + 1] === 'json'));
}

async function runCommand(
  command: Command,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const io = realIo(options.color !== false);
  try {
    return await (await command.load())({ args, options, io });
  } catch (error) {
    io.progress('');
    const trouble = describeTrouble(error);
    if (options.format === 'json') io.out(JSON.stringify({ findings: [], error: trouble }));
    else io.err(`error: ${trouble}`);
    // A mistake of our own keeps its trace, but only for those who ask for it.
    if (process.env.SEAMWRIGHT_DEBUG && error instanceof Error) io.err(error.stack ?? '');
    return 2;
  }
}

function describeTrouble(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOSPC' || code === 'EPERM')
    return `${message}. Nothing was left half-written.`;
  return `${message}. This looks like a fault of seamwright; run again with SEAMWRIGHT_DEBUG=1 and report what it prints.`;
}

function realIo(colorWanted: boolean): Io {
  const interactive = Boolean(process.stdout.isTTY && process.stderr.isTTY);
  const started = performance.now();
  let shown = false;
  const clear = (): void => {
    if (shown) process.stderr.write('\r\u001b[2K');
    shown = false;
  };
  return {
    cwd: process.cwd(),
    env: process.env,
    today: new Date().toISOString().slice(0, 10),
    interactive,
    color: colorWanted && process.env.NO_COLOR === undefined && process.stdout.isTTY === true,
    out(text) {
      clear();
      process.stdout.write(`${text}\n`);
    },
    err(text) {
      clear();
      process.stderr.write(`${text}\n`);
    },
    progress(step) {
      clear();
      if (!interactive || step === '') return;
      process.stderr.write(`${step} …`);
      shown = true;
    },
    elapsedMs: () => performance.now() - started,
    interrupted: () => new Promise((resolve) => process.once('SIGINT', () => resolve())),
  };
}
