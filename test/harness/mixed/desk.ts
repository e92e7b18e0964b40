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
}

export const uuid = { type: 'string', format: 'uuid' };
export const status = (...values: readonly string[]): object => ({ type: 'string', enum: values });

/** The contracts of two services: people owns employees, surveys keeps copies of them. */
export function contracts({ required, properties }: Form): Readonly<Record<string, string>> {
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Employees', version: '1.0.0' },
    channels: {
      employees: {
        address: 'people.employee',
        messages: { EmployeeChanged: { $ref: '#/components/messages/EmployeeChanged' } },
      },
    },
    components: { messages: { EmployeeChanged: { payload: { type: 'object', required, properties } } } },
  };
  return {
    'package.json': '{ "name": "desk-services", "type": "module", "imports": { "#generated/*": "./generated/*" } }',
    'contracts/desk/seamwright.yaml': 'seamwright: "1"\nsystem: desk\n',
    'contracts/desk/asyncapi.json': JSON.stringify(document),
    'contracts/desk/feature.yaml': `name: employees
version: 1.0.0
asyncapi: ./asyncapi.json
services: [{ name: people }, { name: surveys }]
entities:
  Employee: { owner: people, event: EmployeeChanged, consumers: [surveys] }
`,
  };
}

/** A project with its generated code, in which `seamwright` is this very package. */
export async function project(form: Form): Promise<World> {
  const world = new World().write(contracts(form));
  mkdirSync(world.path('node_modules'));
  symlinkSync(process.cwd(), world.path('node_modules/seamwright'));
  await regenerate(world, form);
  return world;
}

/** Puts another form into a project. */
export async function regenerate(world: World, form: Form): Promise<void> {
  world.write(contracts(form));
  const exit = await world.run(generate, { format: 'text' });
  if (exit !== 0) throw new Error(`generating ended with ${exit}: ${[...world.out, ...world.err].join('\n')}`);
}

/** The same project in two forms, both loaded. */
export async function revisionsOf(before: Form, after: Form): Promise<Revisions & { remove(): void }> {
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
export function generatedFiles(world: World): Readonly<Record<string, string>> {
  const paths = readdirSync(world.cwd, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(world.cwd.length + 1))
    .filter((path) => !/^(node_modules|\.seamwright)\//.test(path));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(world.path(path), 'utf8')]));
}
