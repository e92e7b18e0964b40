import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '../../../generator/cli/commands/generate.js';
import { copyOldTree } from '../../../harness/mixed/old-tree.js';
import type { Revisions } from '../../../harness/mixed/revisions.js';
import { loadSystem } from '../../../harness/system.js';
import { World } from '../../cli/world.js';

/** What an employee looks like in a revision. */
export interface Form {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, object>>;
  /** Property that names a team, for which a copy waits. */
  readonly team?: string;
}

/** Files of a project by path. */
export type Tree = Readonly<Record<string, string>>;

export const uuid = { type: 'string', format: 'uuid' };
export const status = (...values: readonly string[]): object => ({ type: 'string', enum: values });

/** The contracts of two services: people owns employees, surveys keeps copies of them. */
export function contracts({ required, properties, team }: Form): Tree {
  const message = (name: string) => ({
    address: `people.${name}`,
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
  });
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Employees', version: '1.0.0' },
    channels: {
      employees: message('EmployeeChanged'),
      ...(team !== undefined && { teams: message('TeamChanged') }),
    },
    components: {
      messages: {
        EmployeeChanged: { payload: { type: 'object', required, properties } },
        ...(team !== undefined && {
          TeamChanged: { payload: { type: 'object', required: ['id'], properties: { id: uuid } } },
        }),
      },
    },
  };
  const employees =
    team === undefined
      ? '[surveys]'
      : `[{ service: surveys, waits_for: [{ entity: Team, by: ${team}, timeout: 60s, on_timeout: park, max_age: 1d }] }]`;
  return {
    'package.json': '{ "name": "desk-services", "type": "module", "imports": { "#generated/*": "./generated/*" } }',
    'contracts/desk/seamwright.yaml': 'seamwright: "1"\nsystem: desk\n',
    'contracts/desk/asyncapi.json': JSON.stringify(document),
    'contracts/desk/feature.yaml': `name: employees
version: 1.0.0
asyncapi: ./asyncapi.json
services: [{ name: people }, { name: surveys }]
entities:
  Employee: { owner: people, event: EmployeeChanged, consumers: ${employees} }
${team === undefined ? '' : '  Team: { owner: people, event: TeamChanged, consumers: [surveys] }\n'}`,
  };
}

/** A project with its generated code, in which `seamwright` is this very package. */
export async function project(tree: Tree): Promise<World> {
  const world = new World();
  mkdirSync(world.path('node_modules'));
  symlinkSync(process.cwd(), world.path('node_modules/seamwright'));
  await regenerate(world, tree);
  return world;
}

async function regenerate(world: World, tree: Tree): Promise<void> {
  world.write(tree);
  const exit = await world.run(generate, { format: 'text' });
  if (exit !== 0) throw new Error(`generating ended with ${exit}: ${[...world.out, ...world.err].join('\n')}`);
}

/** The same project in two forms, both loaded. */
export async function revisionsOf(before: Tree, after: Tree): Promise<Revisions & { remove(): void }> {
  const world = await project(before);
  const was = new World();
  cpSync(world.cwd, was.cwd, { recursive: true });
  await regenerate(world, after);
  const tree = copyOldTree(was.cwd, was.path('contracts/desk'), world.cwd);
  return {
    old: await loadSystem({ workspace: tree.workspace, cwd: tree.workspace }),
    new: await loadSystem({ workspace: world.path('contracts/desk'), cwd: world.cwd }),
    ...{ oldName: 'main@1234567', asked: 'main' },
    remove() {
      tree.close();
      was.remove();
      world.remove();
    },
  };
}

/** Everything of a project that is its own, by path. */
export function generatedFiles(world: World): Tree {
  const paths = readdirSync(world.cwd, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(world.cwd.length + 1))
    .filter((path) => !/^(node_modules|\.seamwright)\//.test(path));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(world.path(path), 'utf8')]));
}
