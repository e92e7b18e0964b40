import type { Command } from './command.js';

const workspaces = '[workspace...]';
const reports = ['text', 'json', 'github', 'sarif', 'junit', 'markdown'] as const;

/** Every command: one entry each; its code is imported when it is called, so that `--help` costs nothing. */
export const commands: readonly Command[] = [
  {
    name: 'init',
    summary: 'adopt a repository: find its AsyncAPI and OpenAPI files and write first contracts',
    arguments: '[dir]',
    options: [['--dry-run', 'say what would be written, write nothing']],
    formats: ['text', 'json'],
    load: async () => (await import('./commands/init.js')).init,
  },
  {
    name: 'check',
    summary: 'judge contracts by every rule',
    arguments: workspaces,
    options: [],
    formats: reports,
    load: async () => (await import('./commands/check.js')).checkCommand,
  },
  {
    name: 'generate',
    summary: 'write typed messages, producers, consumers, clients, servers and diagrams',
    arguments: workspaces,
    options: [
      ['--check', 'write nothing; exit 1 and name every file that is missing, stale, edited or orphaned'],
      ['--watch', 'generate again whenever a contract changes'],
      ['--out <dir>', 'output folder, instead of the one in seamwright.yaml'],
      ['--force', 'replace generated files that were edited by hand'],
    ],
    formats: ['text', 'json', 'github'],
    load: async () => (await import('./commands/generate.js')).generate,
  },
];
