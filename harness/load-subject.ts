import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Model } from '../generator/model/types.js';
import type { ServiceDefinition } from '../runtime/definition.js';
import { UsageError } from '../runtime/errors.js';
import type { HttpServer } from '../runtime/http/server.js';
import { verifyServiceToken } from '../runtime/http/service-token.js';
import type { Service } from '../runtime/service.js';
import type { CreatedService, HarnessOptions, ServiceCode, Subject } from './subject.js';
import { createValues } from './values.js';

/** Where the code of a system lies; absolute. */
export interface CodePlaces {
  /** `generated/<system>`. */
  readonly output: string;
  /** `services/<system>`. */
  readonly services: string;
}

type Module = Readonly<Record<string, unknown>>;

/** Loads the code of every service of a system that has any. What cannot be loaded has a reason instead. */
export async function loadServices(model: Model, places: CodePlaces): Promise<ReadonlyMap<string, ServiceCode>> {
  const loaded = new Map<string, ServiceCode>();
  for (const { name } of model.services.values()) {
    const code = await loadService(name, places);
    if (code !== undefined) loaded.set(name, code);
  }
  return loaded;
}

/** A service among its peers. Throws `UsageError` when it has no generated code. */
export function subjectOf(model: Model, services: ReadonlyMap<string, ServiceCode>, name: string): Subject {
  const code = services.get(name);
  if (code === undefined)
    throw new UsageError(`"${name}" has no generated code: run seamwright generate, then verify again`);
  const owned = (entity: string) =>
    [...services.values()].map(({ definition }) => definition.owned[entity]).find((found) => found !== undefined);
  const takes = takenBy(code.definition);
  return { system: model.system, name, model, code, services, values: createValues(model, owned, takes) };
}

/** Messages that the service does something about: those that its `when` lets through. */
function takenBy({ copies, effects }: ServiceDefinition): (message: string, payload: unknown) => boolean {
  const consumers = [...Object.values(copies), ...effects];
  return (message, payload) =>
    consumers.every((consumer) => {
      if (consumer.message.name !== message || consumer.when === undefined) return true;
      try {
        return consumer.when(payload);
      } catch {
        return false;
      }
    });
}

async function loadService(name: string, { output, services }: CodePlaces): Promise<ServiceCode | undefined> {
  const generated = firstOf(join(output, name), 'service.gen');
  if (generated === undefined) return undefined;
  const module = await load(generated);
  const definition = Object.entries(module).find(([key]) => key.endsWith('Definition'))?.[1] as
    | ServiceDefinition
    | undefined;
  if (definition === undefined) return undefined;
  const folder = join(services, name);
  try {
    const create = await userCreate(name, folder, module, definition, output);
    const verify = firstOf(folder, 'verify');
    const { states, options, flows, tables } = verify === undefined ? ({} as Module) : await load(verify);
    return {
      name,
      definition,
      ...(typeof create === 'function' ? { create: withOptions(create, options) } : { reason: create }),
      ...(flows !== undefined && { flows: flows as NonNullable<ServiceCode['flows']> }),
      ...(tables !== undefined && { tables: tables as NonNullable<ServiceCode['tables']> }),
      ...(states !== undefined && { states: states as NonNullable<ServiceCode['states']> }),
    };
  } catch (error) {
    return { name, definition, reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * What a service needs to be put together beside what every service needs, such as a key: `options` of the user's `verify.ts`, a value or a function of what the
 * harness gives.
 */
function withOptions(
  create: (options: HarnessOptions) => CreatedService,
  own: unknown,
): (options: HarnessOptions) => CreatedService {
  if (own === undefined) return create;
  return (given) => {
    const more: unknown = typeof own === 'function' ? Reflect.apply(own, undefined, [given]) : own;
    return create({ ...given, ...(more as object) });
  };
}

/**
 * How the user puts the service together: the function of `create.ts`, which takes what it runs on and answers with `service`, and `server` when it has one.
 * Without such a file: the generated function with the handlers of the skeletons. A sentence when neither is there.
 */
async function userCreate(
  name: string,
  folder: string,
  generated: Module,
  definition: ServiceDefinition,
  output: string,
): Promise<((options: HarnessOptions) => CreatedService) | string> {
  const own = firstOf(folder, 'create');
  if (own !== undefined) {
    const create = Object.entries(await load(own)).find(
      ([key, value]) => /^create/.test(key) && typeof value === 'function',
    );
    if (create === undefined)
      return `${basename(own)} of "${name}" exports no function whose name begins with "create"`;
    return create[1] as (options: HarnessOptions) => CreatedService;
  }
  const create = generatedCreate(generated);
  if (create === undefined) return `the generated code of "${name}" has no function that creates it`;
  const handlers: Record<string, unknown> = {};
  for (const { handler } of definition.effects) {
    const file = firstOf(folder, stemOf(handler));
    const found = file === undefined ? undefined : (await load(file))[handler];
    if (found === undefined) return `"${name}" has no handler ${handler} in ${folder}/${stemOf(handler)}.ts`;
    handlers[handler] = found;
  }
  const schema = firstOf(folder, 'schema');
  const prepare = schema === undefined ? undefined : (await load(schema))['prepare'];
  const server = await generatedServer(name, folder, output);
  return (options) => {
    const service = create({ ...options, handlers, ...(prepare !== undefined && { prepare }) });
    return { service, ...(server !== undefined && { server: server(service, options) }) };
  };
}

async function generatedServer(
  name: string,
  folder: string,
  output: string,
): Promise<((service: Service, options: HarnessOptions) => HttpServer) | undefined> {
  const module = firstOf(join(output, name), 'server.gen');
  const operations = firstOf(folder, 'operations');
  if (module === undefined || operations === undefined) return undefined;
  const create = generatedCreate(await load(module));
  const own = Object.entries(await load(operations)).find(([key]) => /Operations$/.test(key))?.[1];
  if (create === undefined || own === undefined) return undefined;
  return (service, options) => {
    const handlers: unknown = typeof own === 'function' ? Reflect.apply(own, undefined, [service]) : own;
    // Nobody has written down who may call: whoever proves to be a service of the system, which is how a harness calls.
    const { security, clock } = options;
    const authenticate =
      security === undefined ? 'none' : verifyServiceToken({ service: name, ...security, ...(clock && { clock }) });
    return Reflect.apply(create, undefined, [handlers, { authenticate, ...options, service }]) as HttpServer;
  };
}

function generatedCreate(module: Module): ((options: unknown) => Service) | undefined {
  const found = Object.entries(module).find(([key, value]) => /^create[A-Z]/.test(key) && typeof value === 'function');
  return found?.[1] as ((options: unknown) => Service) | undefined;
}

function firstOf(folder: string, stem: string): string | undefined {
  return ['ts', 'js', 'mts', 'mjs']
    .map((extension) => join(folder, `${stem}.${extension}`))
    .find((file) => existsSync(file));
}

/** `onInvoiceCreated` lies in `on-invoice-created.ts`. */
function stemOf(handler: string): string {
  return handler
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

async function load(file: string): Promise<Module> {
  return (await import(pathToFileURL(file).href)) as Module;
}
