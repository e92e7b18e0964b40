import type { Exchange, Queue } from '../../../runtime/brokers/broker.js';
import { commandQueueOf, queueOf } from '../addresses.js';
import { senderVariable } from '../commands/sender.js';
import { defaultUrls } from '../default-urls.js';
import type { EmitInput, Emitter } from '../emitter.js';
import { jobsOf } from '../jobs.js';
import { propertyKey, stringLiteral, variableName } from '../names.js';
import { sagaCallsOf } from '../sagas/calls.js';
import { localsOf, sagasOf } from '../sagas/names.js';
import { type ServiceFacts, servicesToEmit } from '../service-facts.js';
import { topologyOf } from '../topology.js';
import { grouped } from '../waits-text.js';
import { copiesOf } from './consumers.js';
import { pagesFunction } from './full-sync.js';
import { clientProperties } from './http-clients.js';
import { ownedNames } from './producers.js';

/** `<service>/service.gen.ts`: one `create<Service>` that wires everything the contracts ask of it. */
export const service: Emitter = {
  name: 'service',
  summary: 'one create function per service',
  *plan(input) {
    for (const facts of servicesToEmit(input.model)) {
      yield {
        base: 'output',
        path: `${facts.service.name}/service.gen.ts`,
        ownership: 'owned',
        source: facts.service.at.file,
        emitter: this.name,
        template: 'service',
        view: serviceView(input, facts),
      };
    }
  },
};

function serviceView(input: EmitInput, facts: ServiceFacts): Readonly<Record<string, unknown>> {
  const { model } = input;
  const hasClients = clientProperties(input, facts.calls).size > 0;
  const copies = copiesOf(facts);
  const owned = ownedNames(facts);
  const events = facts.publishes.map((event) => ({
    name: event.name,
    variable: variableName(`${event.name} outgoing`),
  }));
  const slots = [...facts.effects, ...facts.carriesOut, ...facts.answers];
  const effects = slots.map(({ slot }) => variableName(`${slot} effect`));
  const sends = facts.sends.map((sent) => ({ name: sent.name, variable: senderVariable(sent) }));
  const jobs = jobsOf(facts).map((job) => ({ ...job, variable: variableName(`${job.property} job`) }));
  const led = sagasOf(facts);
  const hasLocals = led.some(({ part }) => localsOf(part).length > 0);
  const hasCalls = sagaCallsOf(input, facts).length > 0;
  const topology = topologyOf(model, facts);
  const hasHandlers = effects.length > 0;
  const consumerTypes = [...copies.map((copy) => copy.row), ...(hasHandlers ? [`${facts.pascal}Handlers`] : [])].sort();
  const consumerValues = [...copies.map((copy) => copy.variable), ...effects].sort();
  const producerValues = [...owned, ...events, ...sends].map(({ variable }) => variable).sort();
  const { name } = facts.service;
  const pages = pagesFunction(input, facts);
  const queueCalled = (called: string) => topology.queues.find((queue) => queue.name === called)?.name;
  const queue = queueCalled(queueOf(model, name).name);
  const commandQueue = queueCalled(commandQueueOf(model, name).name);
  const calls = `${variableName(facts.pascal)}SagaCalls`;
  const parts = [...(jobs.length > 0 ? ['jobs'] : []), ...(led.length > 0 ? ['sagas'] : [])];
  const filledIn = [
    ...(pages === undefined ? [] : [`pages: ${pages}(clients)`]),
    ...(hasCalls ? [`sagaCalls: ${calls}(clients)`] : []),
  ];
  return {
    source: facts.service.at.file,
    name,
    pascal: facts.pascal,
    variable: variableName(facts.pascal),
    nameText: stringLiteral(name),
    systemText: stringLiteral(model.system),
    role: facts.service.role,
    hasHandlers,
    hasClients,
    hasJobs: jobs.length > 0,
    serviceTypes: [
      `${facts.pascal}Transaction`,
      `${facts.pascal}Copies`,
      ...(parts.length > 0 ? [`Pick<${facts.pascal}Service, ${parts.map(stringLiteral).join(' | ')}>`] : []),
    ].join(', '),
    hasLocals,
    options: filledIn.length === 0 ? 'options' : `{ ${filledIn.join(', ')}, ...options }`,
    isOptional: !hasHandlers && jobs.length === 0 && !hasLocals,
    jobControls: jobs.map(({ property }) => `readonly ${propertyKey(property)}: JobControl;`),
    sagaControls: led.map(
      ({ property, input: started }) => `readonly ${propertyKey(property)}: SagaControl<${started}>;`,
    ),
    isWider: parts.length > 0 || hasClients,
    imports: [
      ...(hasClients
        ? [
            `import type { ${facts.pascal}Clients } from './clients.gen.js';`,
            `import { create${facts.pascal}Clients } from './clients.gen.js';`,
          ]
        : []),
      ...(consumerTypes.length > 0 ? [`import type { ${consumerTypes.join(', ')} } from './consumers.gen.js';`] : []),
      ...(consumerValues.length > 0 ? [`import { ${consumerValues.join(', ')} } from './consumers.gen.js';`] : []),
      ...(pages === undefined ? [] : [`import { ${pages} } from './full-sync.gen.js';`]),
      ...(jobs.length > 0
        ? [
            `import type { ${facts.pascal}Jobs } from './jobs.gen.js';`,
            `import { ${jobs
              .map(({ variable }) => variable)
              .sort()
              .join(', ')} } from './jobs.gen.js';`,
          ]
        : []),
      `import type { ${facts.pascal}Transaction } from './producers.gen.js';`,
      ...(producerValues.length > 0 ? [`import { ${producerValues.join(', ')} } from './producers.gen.js';`] : []),
      ...(led.length > 0
        ? [
            `import type { ${[...led.map((saga) => saga.input), ...(hasLocals ? [`${facts.pascal}Sagas`] : [])].sort().join(', ')} } from './sagas.gen.js';`,
            `import { ${[...led.map(({ variable }) => variable), ...(hasCalls ? [calls] : [])].sort().join(', ')} } from './sagas.gen.js';`,
          ]
        : []),
    ],
    runtimeTypes: [
      ...(hasClients ? ['ClientOptions'] : []),
      ...(copies.length > 0 ? ['Copy'] : []),
      ...(jobs.length > 0 ? ['JobControl'] : []),
      ...(led.length > 0 ? ['SagaControl'] : []),
      'Service',
      'ServiceDefinition',
      'ServiceOptions',
    ].join(', '),
    copyTypes: copies.map((copy) => `readonly ${propertyKey(copy.row)}: Copy<${copy.row}>;`),
    owned: owned.map((item) => `${propertyKey(item.property)}: ${item.variable},`),
    publishes: events.map((event) => `${propertyKey(event.name)}: ${event.variable},`),
    copies: copies.map((copy) => `${propertyKey(copy.row)}: ${copy.variable},`),
    effects: effects.map((effect) => `${effect},`),
    exchanges: topology.exchanges.map(exchangeText),
    queues: topology.queues.map(queueView),
    queue: queue === undefined ? '' : stringLiteral(queue),
    sends: sends.map((sent) => `${propertyKey(sent.name)}: ${sent.variable},`),
    commandQueue: commandQueue === undefined ? '' : stringLiteral(commandQueue),
    jobs: jobs.map(({ variable }) => variable).join(', '),
    sagas: led.map(({ variable }) => variable).join(', '),
    defaults: Object.entries(defaultUrls(model.settings))
      .map(([name, url]) => `${name}: ${stringLiteral(url)}`)
      .join(', '),
  };
}

function exchangeText({ name, kind, atMostOnce }: Exchange): string {
  const mark = atMostOnce === true ? ', atMostOnce: true' : '';
  return `{ name: ${stringLiteral(name)}, kind: ${stringLiteral(kind)}${mark} },`;
}

function queueView(queue: Queue): Readonly<Record<string, unknown>> {
  const { type, priorityMax, messageTtlMs, deadLetterExchange } = queue;
  return {
    name: stringLiteral(queue.name),
    service: stringLiteral(queue.service),
    bindings: queue.bindings.map(
      (binding) => `{ exchange: ${stringLiteral(binding.exchange)}, key: ${stringLiteral(binding.key)} },`,
    ),
    deadLetter: stringLiteral(queue.deadLetter),
    lines: [
      ...(deadLetterExchange === undefined ? [] : [`deadLetterExchange: ${stringLiteral(deadLetterExchange)},`]),
      `maxDeliveries: ${queue.maxDeliveries},`,
      `partitions: ${queue.partitions},`,
      ...(type === undefined ? [] : [`type: ${stringLiteral(type)},`]),
      ...(priorityMax === undefined ? [] : [`priorityMax: ${priorityMax},`]),
      ...(messageTtlMs === undefined ? [] : [`messageTtlMs: ${grouped(messageTtlMs)},`]),
    ],
    retries: (queue.retries ?? []).map(
      (step) => `{ name: ${stringLiteral(step.name)}, delayMs: ${grouped(step.delayMs)} },`,
    ),
  };
}
