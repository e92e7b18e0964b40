import type { Exchange, Queue } from '../../../runtime/brokers/broker.js';
import { defaultUrls } from '../default-urls.js';
import type { EmitInput, Emitter } from '../emitter.js';
import { propertyKey, stringLiteral, variableName } from '../names.js';
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
  const effects = facts.effects.map((effect) => variableName(`${effect.slot} effect`));
  const topology = topologyOf(model, facts);
  const hasHandlers = effects.length > 0;
  const consumerTypes = [...copies.map((copy) => copy.row), ...(hasHandlers ? [`${facts.pascal}Handlers`] : [])].sort();
  const consumerValues = [...copies.map((copy) => copy.variable), ...effects].sort();
  const producerValues = [...owned.map((item) => item.variable), ...events.map((event) => event.variable)].sort();
  const { name } = facts.service;
  const pages = pagesFunction(input, facts);
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
    pages: pages ?? '',
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
      `import type { ${facts.pascal}Transaction } from './producers.gen.js';`,
      ...(producerValues.length > 0 ? [`import { ${producerValues.join(', ')} } from './producers.gen.js';`] : []),
    ],
    runtimeTypes: [
      ...(hasClients ? ['ClientOptions'] : []),
      ...(copies.length > 0 ? ['Copy'] : []),
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
    queue: topology.queues[0] === undefined ? '' : stringLiteral(topology.queues[0].name),
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
