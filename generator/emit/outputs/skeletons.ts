import type { EmitInput, Emitter, PlannedFile } from '../emitter.js';
import { type JobNames, jobsOf } from '../jobs.js';
import { commentText, fileStem, propertyKey, stringLiteral, typeName, variableName } from '../names.js';
import { localsOf, type SagaNames, sagasOf } from '../sagas/names.js';
import { type ServiceFacts, servicesToEmit } from '../service-facts.js';
import { type ServerNames, serverNames } from './http-server.js';

/** First versions of what the user writes: handlers, jobs, local functions of sagas, operations, `main.ts` and, where the project has Vitest, a test of each service. Written when absent, never touched again. */
export const skeletons: Emitter = {
  name: 'skeletons',
  summary: 'first versions of handlers, operations, main files and tests, written once',
  *plan(input) {
    for (const facts of servicesToEmit(input.model)) {
      const { copies, owned, publishes, provides, jobs, sagas } = facts;
      const handlers = handlersOf(facts);
      const told = [copies, owned, publishes, provides, handlers, jobs, sagas].flat();
      if (told.length === 0) continue;
      for (const handler of handlers) yield handlerFile(input, facts, handler);
      for (const job of jobsOf(facts)) yield jobFile(input, facts, job);
      for (const saga of withLocals(facts)) yield sagaFile(input, facts, saga);
      const operations = operationsFile(input, facts);
      if (operations !== undefined) yield operations;
      yield mainFile(input, facts);
      if (input.testedFrom !== undefined) yield testFile(input.testedFrom, facts);
    }
  },
};

interface Handler {
  readonly slot: string;
  readonly source: string;
  readonly what: string;
}

/** One for each event, command and answer that the service acts on. */
function handlersOf({ service, effects, carriesOut, answers }: ServiceFacts): readonly Handler[] {
  return [
    ...effects.map(({ event, consumer, slot }) => ({
      slot,
      source: consumer.at.file,
      what: consumer.effect ?? consumer.purpose ?? event.purpose ?? `what ${service.name} does with ${event.name}`,
    })),
    ...carriesOut.map(({ command, slot }) => ({
      slot,
      source: command.at.file,
      what: command.purpose ?? `how ${service.name} carries out ${command.name}`,
    })),
    ...answers.map(({ message, commands, slot }) => ({
      slot,
      source: commands[0]?.at.file ?? service.at.file,
      what: `what ${service.name} does with the answer ${message}`,
    })),
  ];
}

function handlerFile(input: EmitInput, { service }: ServiceFacts, { slot, source, what }: Handler): PlannedFile {
  return {
    ...once(`${service.name}/${fileStem(slot)}.ts`, source),
    template: 'handler',
    view: {
      type: typeName(slot),
      slot,
      module: reach(input, `${service.name}/consumers.gen.js`),
      what: commentText(what),
      unwritten: stringLiteral(`${service.name}: ${slot} is not written yet`),
    },
  };
}

function jobFile(input: EmitInput, { service }: ServiceFacts, { job, property, type }: JobNames): PlannedFile {
  return {
    ...once(`${service.name}/${fileStem(`${property} job`)}.ts`, job.at.file),
    template: 'job',
    view: {
      type,
      variable: `${property}Job`,
      module: reach(input, `${service.name}/jobs.gen.js`),
      what: commentText(job.description ?? `what ${service.name} does at ${job.schedule}`),
      isList: job.forEach !== undefined,
      unwritten: stringLiteral(`${service.name}: ${job.name} is not written yet`),
    },
  };
}

/** Parts of sagas for which the service has something to write. */
function withLocals(facts: ServiceFacts): readonly SagaNames[] {
  return sagasOf(facts).filter(({ part }) => localsOf(part).length > 0);
}

function sagaFile(input: EmitInput, facts: ServiceFacts, { part, property, locals }: SagaNames): PlannedFile {
  const { name } = facts.service;
  return {
    ...once(`${name}/${fileStem(`${property} saga`)}.ts`, part.saga.at.file),
    template: 'saga',
    view: {
      type: locals,
      variable: `${property}Saga`,
      module: reach(input, `${name}/sagas.gen.js`),
      transaction: `${facts.pascal}Transaction`,
      transactionModule: reach(input, `${name}/producers.gen.js`),
      what: commentText(part.saga.description ?? `what ${name} does itself in ${part.name}`),
      locals: localsOf(part).map((local) => ({
        key: propertyKey(local.name),
        unwritten: stringLiteral(`${name}: ${local.name} is not written yet`),
      })),
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
  const slots = handlersOf(facts)
    .map(({ slot }) => slot)
    .sort();
  const jobs = jobsOf(facts).map(({ property }) => property);
  const sagas = withLocals(facts).map(({ property }) => property);
  const argument = [
    ...(slots.length === 0 ? [] : [`handlers: { ${slots.join(', ')} }`]),
    ...(jobs.length === 0 ? [] : [`jobs: { ${jobs.map((job) => `${job}: ${job}Job`).join(', ')} }`]),
    ...(sagas.length === 0 ? [] : [`sagas: { ${sagas.map((saga) => `${saga}: ${saga}Saga`).join(', ')} }`]),
  ];
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
        ...[...slots, ...jobs.map((job) => `${job}Job`), ...sagas.map((saga) => `${saga}Saga`)].map(
          (own) => `import { ${own} } from './${fileStem(own)}.js';`,
        ),
        ...(server === undefined ? [] : [`import { ${variableName(server.operations)} } from './operations.js';`]),
      ],
      service,
      create: `create${facts.pascal}`,
      argument: argument.length === 0 ? '' : `{ ${argument.join(', ')} }`,
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
