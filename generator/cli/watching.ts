import type { ExitCode, Io } from './command.js';

/** Runs again whenever a file of the workspaces changes, until the user stops it. Bursts of changes count as one. */
export async function watch(io: Io, dirs: readonly string[], run: () => Promise<ExitCode>): Promise<ExitCode> {
  const { watch: watchFiles } = await import('chokidar');
  const watcher = watchFiles([...dirs], {
    ignoreInitial: true,
    ignored: (path) => /(^|[/\\])(node_modules|\.git|\.seamwright)([/\\]|$)/.test(path),
  });
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(async () => {
        await run().catch((error: unknown) =>
          io.err(`error: ${error instanceof Error ? error.message : String(error)}`),
        );
      });
    }, 100);
  });
  io.err('watching for changes; stop with Ctrl+C');
  await io.interrupted();
  clearTimeout(timer);
  await watcher.close();
  await running;
  return 0;
}
