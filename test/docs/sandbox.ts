import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

export interface Printed {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** A user's repository with the package installed, in which a page is played from top to bottom. */
export class Sandbox {
  readonly dir = mkdtempSync(join(tmpdir(), 'seamwright-docs-'));

  constructor() {
    mkdirSync(join(this.dir, 'node_modules'));
    symlinkSync(ROOT, join(this.dir, 'node_modules/seamwright'), 'junction');
    symlinkSync(join(ROOT, 'node_modules/@types'), join(this.dir, 'node_modules/@types'), 'junction');
  }

  write(path: string, text: string): void {
    const file = join(this.dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  run(command: string): Promise<Printed> {
    const [cwd, args] = this.translated(command);
    return new Promise((resolve) => {
      const env = { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' };
      execFile(process.execPath, [...args], { cwd, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
        const lines = `${stdout}${stderr}`.trimEnd().split('\n');
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ lines: lines.length === 1 && lines[0] === '' ? [] : lines, exitCode });
      });
    });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** What a reader types, as this repository runs it from source. Pages that show anything else show what nobody has tried. */
  private translated(command: string): readonly [cwd: string, args: readonly string[]] {
    const source = ['-C', 'seamwright-source', '--import', join(ROOT, 'node_modules/tsx/dist/loader.mjs')];
    const cli = [...source, join(ROOT, 'generator/cli/main.ts')];
    const words = command.split(' ');
    const [program = '', name = '', ...rest] = words;
    if (program === 'npx' && name === 'seamwright') return [this.dir, [...cli, ...rest]];
    if (program === 'npx' && name === 'tsx') return [this.dir, [...source, ...rest]];
    if (program === 'npx' && name === 'tsc')
      return [
        this.dir,
        [join(ROOT, 'node_modules/typescript/bin/tsc'), '--customConditions', 'seamwright-source', ...rest],
      ];
    if (command === 'npm run demo') return [ROOT, [...source, join(ROOT, 'demo/main.ts')]];
    if (command === 'npm run check') return [ROOT, [...cli, 'check']];
    throw new Error(`the test does not know how to run "${command}"`);
  }
}
