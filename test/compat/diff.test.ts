import { describe, expect, it } from 'vitest';
import { type Files, saidBetween } from './revisions.js';

const payload = '{ type: object, required: [id], properties: { id: { type: string } } }';

function asyncapi(messages: Readonly<Record<string, string>>, address = 'things'): string {
  const names = Object.keys(messages);
  return [
    'asyncapi: 3.0.0',
    'info: { title: Things, version: 1.0.0 }',
    'channels:',
    '  things:',
    `    address: ${address}`,
    '    messages:',
    ...names.map((name) => `      ${name}: { $ref: '#/components/messages/${name}' }`),
    'components:',
    '  messages:',
    ...Object.entries(messages).map(([name, schema]) => `    ${name}: { payload: ${schema} }`),
    '',
  ].join('\n');
}

function feature(rest: string): string {
  return `name: things\nversion: 1.0.0\nservices: [{ name: maker }, { name: taker }, { name: other }]\n${rest}`;
}

function openapi(paths: string): Files {
  return {
    'feature.yaml': feature(
      'openapi: { maker: ./maker.openapi.yaml }\nhttp: [{ from: taker, to: maker, operations: [getThing] }]\n',
    ),
    'maker.openapi.yaml': `openapi: 3.1.0\ninfo: { title: Maker, version: 1.0.0 }\npaths:\n${paths}`,
  };
}

describe('who writes and who reads a schema that differs', () => {
  const wider = payload.replace('type: string', 'type: [string, number]');

  it('is the publisher and all consumers of an event, of both revisions', async () => {
    const before = {
      'feature.yaml': feature('asyncapi: ./a.yaml\nevents: { Made: { publisher: maker, consumers: [taker] } }\n'),
      'a.yaml': asyncapi({ Made: payload }),
    };
    const after = {
      'feature.yaml': feature('asyncapi: ./a.yaml\nevents: { Made: { publisher: maker, consumers: [other] } }\n'),
      'a.yaml': asyncapi({ Made: wider }),
    };
    expect(await saidBetween(before, after)).toContain('schema message:Made event payload maker -> other+taker');
  });

  it('is the sender and the receiver of a command, and of its answer the other way round', async () => {
    const text = feature('asyncapi: ./a.yaml\ncommands: { Make: { sender: taker, receiver: maker, reply: Made } }\n');
    const before = { 'feature.yaml': text, 'a.yaml': asyncapi({ Make: payload, Made: payload }) };
    const after = { 'feature.yaml': text, 'a.yaml': asyncapi({ Make: wider, Made: wider }) };
    expect(await saidBetween(before, after)).toEqual([
      'schema message:Made command payload maker -> taker',
      'schema message:Make command payload taker -> maker',
    ]);
  });

  it('is the client of a request and the server of a response', async () => {
    const operation = (type: string): string =>
      `  /things/{id}:\n    get:\n      operationId: getThing\n      parameters: [{ name: id, in: path, required: true, schema: { type: ${type} } }]\n      responses:\n        '200': { description: It., headers: { Age: { schema: { type: ${type} } } }, content: { application/json: { schema: { type: ${type} } } } }\n`;
    expect(await saidBetween(openapi(operation('string')), openapi(operation('number')))).toEqual([
      'schema operation:maker.getThing response:200 header:age response header maker -> taker',
      'schema operation:maker.getThing response:200 response body maker -> taker',
      'schema operation:maker.getThing parameter:path.0 request parameter taker -> maker',
    ]);
  });
});

describe('a noun under another name', () => {
  it('is recognised by what it says', async () => {
    const before = {
      'feature.yaml': feature('asyncapi: ./a.yaml\nevents: { Made: { publisher: maker, consumers: [taker] } }\n'),
      'a.yaml': asyncapi({ Made: payload }),
    };
    const after = {
      'feature.yaml': feature('asyncapi: ./a.yaml\nevents: { Built: { publisher: maker, consumers: [taker] } }\n'),
      'a.yaml': asyncapi({ Built: payload }),
    };
    expect(await saidBetween(before, after)).toEqual([
      'renamed event:Built from Made',
      'set event:Built message "Made" -> "Built"',
      'renamed message:Built from Made',
    ]);
  });

  it('is not guessed where two could be meant', async () => {
    const text = feature('asyncapi: ./a.yaml\n');
    const before = { 'feature.yaml': text, 'a.yaml': asyncapi({ Made: payload, Sold: payload }) };
    const after = { 'feature.yaml': text, 'a.yaml': asyncapi({ Built: payload, Given: payload }) };
    expect(await saidBetween(before, after)).toEqual([
      'added message:Built',
      'added message:Given',
      'removed message:Made',
      'removed message:Sold',
    ]);
  });

  it('is an operation that keeps its method and path, whatever the parameters of the path are called', async () => {
    const operation = (id: string, name: string): string =>
      `  /things/{${name}}:\n    get:\n      operationId: ${id}\n      parameters: [{ name: ${name}, in: path, required: true, schema: { type: string } }]\n      responses: { '200': { description: It. } }\n`;
    expect(await saidBetween(openapi(operation('getThing', 'id')), openapi(operation('getThing', 'thingId')))).toEqual(
      [],
    );
    expect(await saidBetween(openapi(operation('getThing', 'id')), openapi(operation('readThing', 'id')))).toEqual([
      'renamed operation:maker.readThing from maker.getThing',
    ]);
  });
});

describe('what stands somewhere else', () => {
  const events = 'asyncapi: ./a.yaml\nevents: { Made: { publisher: maker, consumers: [taker] } }\n';

  it('is the same: another folder, another file, another feature', async () => {
    const one = { 'one/feature.yaml': feature(events), 'one/a.yaml': asyncapi({ Made: payload }) };
    const two = { 'deep/two/feature.yaml': feature(events), 'deep/two/a.yaml': asyncapi({ Made: payload }) };
    expect(await saidBetween(one, two)).toEqual([]);
  });

  it('is told apart where two documents call different channels by one name', async () => {
    const files = (address: string): Files => ({
      'one/feature.yaml': feature(events),
      'one/a.yaml': asyncapi({ Made: payload }, 'one'),
      'two/feature.yaml': feature(events).replace('name: things', 'name: others').replaceAll('Made', 'Sold'),
      'two/a.yaml': asyncapi({ Sold: payload }, address),
    });
    expect(await saidBetween(files('two'), files('three'))).toEqual([
      'set channel:things in two/a.yaml address "two" -> "three"',
    ]);
  });
});

describe('ranges of several features', () => {
  it('hold together, and are one when they are equal', async () => {
    const files = (...ranges: readonly string[]): Files =>
      Object.fromEntries(
        ranges.map((range, index) => [
          `f${index}/feature.yaml`,
          `name: f${index}\nversion: 1.0.0\nservices: [{ name: maker }, { name: taker }]\ndependencies: { taker: [{ maker: "${range}" }] }\n`,
        ]),
      );
    expect(await saidBetween(files('^1.0.0', '^1.0.0'), files('^1.0.0', '^1.2.0'))).toEqual([
      'set dependency:taker->maker range "^1.0.0" -> ["^1.0.0","^1.2.0"]',
    ]);
  });
});

describe('calls of several features', () => {
  const calls = (edges: string): Files => ({ 'feature.yaml': feature(`http:\n${edges}`) });
  const sync = '  - { from: taker, to: maker, operations: [listThings], criticality: best-effort }\n';
  const call = '  - { from: taker, to: maker, operations: [getThing], criticality: required }\n';

  it('are compared by operation: one that goes says nothing about the other', async () => {
    expect(await saidBetween(calls(sync + call), calls(call))).toEqual([
      'set http:taker->maker operations ["getThing","listThings"] -> ["getThing"]',
    ]);
    expect(await saidBetween(calls(sync + call), calls(sync + call.replace('required', 'best-effort')))).toEqual([
      'set http:taker->maker operation:getThing criticality "required" -> "best-effort"',
    ]);
  });
});
