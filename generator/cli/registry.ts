import type { Command } from './command.js';
import { brokerOptions, operateOptions } from './operate/options.js';

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
  {
    name: 'dlq',
    summary: 'dead letters: list, show, replay, drop',
    arguments: '<list|show|replay|drop> [id|workspace...]',
    options: [
      ['--service <name>', 'only dead letters of this service'],
      ['--reason <word>', 'only those of this reason; for "drop": why they are dropped'],
      ['--message <name>', 'only messages of this name'],
      ['--consumer <name>', 'only those that this copy or handler could not take'],
      ['--entity <name>', 'only messages about this entity'],
      ['--id <id>', 'id of the entity'],
      ['--since <duration>', 'only those that failed last within this time, such as 2h'],
      ['--limit <count>', 'at most so many; "list" shows 100 by default'],
      ['--all', 'every dead letter: for "replay" and "drop" without ids and filters'],
      ['--reveal', 'show: with the personal values that the contract names'],
      ['--dry-run', 'replay: say what would become of each, send nothing'],
      ['--rate <rate>', 'replay: at most so many, such as 50/s'],
      ['--wait <duration>', 'replay: how long to wait for the outcomes, 30s by default'],
      ['--force', 'replay: also what is older than the memory of its consumer'],
      ['--keep <file>', 'drop: file for what is dropped; it must not exist yet'],
      ['--yes', 'drop: really'],
      ...operateOptions,
    ],
    formats: ['text', 'json'],
    load: async () => (await import('./commands/dlq.js')).dlq,
  },
  {
    name: 'sync',
    summary: 'let owners tell an entity again, or followers read everything again',
    arguments: '<force|full> <entity> [id|workspace...]',
    options: [
      ['--service <name>', 'full: only this follower'],
      ['--wait <duration>', 'how long to follow, 30s by default for "force" and 1h for "full"'],
      ['--repair', 'full: apply equal versions again, for copies that were damaged'],
      ...operateOptions,
    ],
    formats: ['text', 'json'],
    load: async () => (await import('./commands/sync.js')).sync,
  },
  {
    name: 'reconcile',
    summary: 'compare the copies of an entity with their owner',
    arguments: '<entity> [workspace]',
    options: [
      ['--service <name>', 'only this follower'],
      ['--repair', 'ask the owner to tell what differs again'],
      ['--limit <count>', 'ids shown for each copy, 20 by default; all are repaired'],
      ['--rate <rate>', 'repair: at most so many requests, 50/s by default'],
      ['--settle <duration>', 'how long a difference has to last before it counts, 2s by default'],
      ...operateOptions,
    ],
    formats: ['text', 'json'],
    load: async () => (await import('./commands/reconcile.js')).reconcile,
  },
  {
    name: 'doctor',
    summary: 'what is wrong with a running system, or where a message is',
    arguments: '[entity] [id] [workspace]',
    options: operateOptions,
    formats: ['text', 'json'],
    load: async () => (await import('./commands/doctor.js')).doctor,
  },
  {
    name: 'topology',
    summary: 'compare a running broker with the contracts, or declare what is missing',
    arguments: '<diff|apply> [workspace...]',
    options: [['--dry-run', 'apply: say what is to be done, declare nothing'], ...brokerOptions],
    formats: ['text', 'json'],
    load: async () => (await import('./commands/topology.js')).topology,
  },
];
