import type { EmitInput, Emitter, PlannedFile } from '../emitter.js';
import { commentText, fileStem, propertyKey, stringLiteral, typeName, variableName } from '../names.js';
import { type EffectFacts, type ServiceFacts, servicesToEmit } from '../service-facts.js';
import { type ServerNames, serverNames } from './http-server.js';

/** First versions of what the user writes: handlers, operations, `main.ts` and, where the project has Vitest, a test of each service. Written when absent, never touched again. */
export const skeletons: Emitter = {
  name: 'skeletons',
  summary: 'first versions of handlers, operations, main files and tests, written once',
  *plan(input) {
    for (const facts of servicesToEmit(input.model)) {
      const { copies, effects, owned, publishes, provides } = facts;
      if (copies.length + effects.length + owned.length + publishes.length + provides.length === 0) continue;
      for (const effect of effects) yield handlerFile(input, facts, effect);
      const operations = operationsFile(input, facts);
      if (operations !== undefined) yield operations;
      yield mainFile(input, facts);
      if (input.testedFrom !== undefined) yield testFile(input.testedFrom, facts);
    }
  },
};

function handlerFile(input: EmitInput, { service }: ServiceFacts, { event, consumer, slot }: EffectFacts): PlannedFile {
  return {
    ...once(`${service.name}/${fileStem(slot)}.ts`, consumer.at.file),
    template: 'handler',
    view: {
      type: typeName(slot),
      slot,
      module: reach(input, `${service.name}/consumers.gen.js`),
      what: commentText(
        consumer.effect ?? consumer.purpose ?? event.purpose ?? `what ${service.name} does with ${event.name}`,
      ),
      unwritten: stringLiteral(`${service.name}: ${slot} is not written yet`),
    },
  };
}

function operationsFile(input: EmitInput, facts: ServiceFacts): PlannedFile | undefined {
  const { name } = facts.service;
  const server = serverNames(name, input);
  if (server === undefined) return undefined;
  return {
    ...once(`${name}/operations.ts`, facts.provides[0]?.at.file ?? facts.service.at.file),
    template: 'operations',
    view: {
      name,
      type: server.operations,
      serviceType: `${facts.pascal}Service`,
      variable: variableName(server.operations),
      module: reach(input, `${server.module}.js`),
      serviceModule: reach(input, `${name}/service.gen.js`),
      methods: server.methods.map((method) => ({
        key: propertyKey(method),
        unwritten: stringLiteral(`${name}: ${method} is not written yet`),
      })),
    },
  };
}

function mainFile(input: EmitInput, facts: ServiceFacts): PlannedFile {
  const { name } = facts.service;
  const slots = facts.effects.map((effect) => effect.slot).sort();
  const server = serverNames(name, input);
  const service = variableName(facts.pascal);
  return {
    ...once(`${name}/main.ts`, facts.service.at.file),
    template: 'main',
    view: {
      runtimeValues: server === undefined ? 'run' : 'listening, run',
      generatedImports: [
        ...(server === undefined ? [] : [`import { ${server.create} } from '${reach(input, `${server.module}.js`)}';`]),
        `import { create${facts.pascal} } from '${reach(input, `${name}/service.gen.js`)}';`,
      ],
      ownImports: [
        ...slots.map((slot) => `import { ${slot} } from './${fileStem(slot)}.js';`),
        ...(server === undefined ? [] : [`import { ${variableName(server.operations)} } from './operations.js';`]),
      ],
      service,
      create: `create${facts.pascal}`,
      argument: slots.length === 0 ? '' : `{ handlers: { ${slots.join(', ')} } }`,
      server: server !== undefined,
      serverOptions: server === undefined ? '' : serverOptions(server, service),
      secured: server?.secured ?? false,
      createServer: server?.create ?? '',
      operations: server === undefined ? '' : variableName(server.operations),
      runnables: server === undefined ? service : `${service}, listening(server)`,
    },
  };
}

function testFile(workspace: string, { service }: ServiceFacts): PlannedFile {
  return {
    ...once(`${service.name}/verify.test.ts`, service.at.file),
    template: 'verify-test',
    view: {
      workspace: stringLiteral(workspace),
      service: stringLiteral(service.name),
      title: stringLiteral(`${service.name} keeps its contracts`),
    },
  };
}

function serverOptions({ secured, keyed }: ServerNames, service: string): string {
  const options = [
    ...(secured ? ['authenticate: () => null'] : []),
    ...(keyed ? [service === 'service' ? service : `service: ${service}`] : []),
    `ready: ${service}.health`,
  ];
  return `{ ${options.join(', ')} }`;
}

function once(path: string, source: string): Omit<PlannedFile, 'template' | 'view'> {
  return { base: 'services', path, ownership: 'once', source, emitter: 'skeletons' };
}

/** How a hand-written file of a service reaches a generated one: through the package's alias, else by a relative path. */
function reach(input: EmitInput, path: string): string {
  return input.alias === undefined ? `../${input.outputFromServices}/${path}` : `${input.alias}/${path}`;
}
