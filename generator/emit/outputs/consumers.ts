import type { ReplicaColumn, ReplicaTable } from '../../../runtime/stores/store.js';
import type { SchemaRef } from '../../load/documents.js';
import type { Entity, EntityConsumer, Model, Ordering } from '../../model/types.js';
import { accessTo, asText } from '../access.js';
import { answerView, commandView, type SlotView } from '../commands/receiver.js';
import type { EmitInput, Emitter } from '../emitter.js';
import { Imports, importLines, runtimeValuesIn } from '../imports.js';
import {
  distinct,
  docComment,
  propertyKey,
  snakeName,
  stringLiteral,
  tableName,
  typeName,
  variableName,
} from '../names.js';
import { predicateText } from '../predicates.js';
import { type EffectFacts, type ServiceFacts, servicesToEmit } from '../service-facts.js';
import { joinPath, retryText, waitsText } from '../waits-text.js';
import { definitionModule, definitionName } from './message-definitions.js';

/** `<service>/consumers.gen.ts`: kept copies, whole, and typed slots for the handlers that the user writes. */
export const consumers: Emitter = {
  name: 'consumers',
  summary: 'kept copies and typed handler slots of each service',
  *plan(input) {
    for (const facts of servicesToEmit(input.model)) {
      const { copies: kept, effects: acted, carriesOut, answers } = facts;
      if (kept.length + acted.length + carriesOut.length + answers.length === 0) continue;
      const imports = new Imports();
      const copies = copiesOf(facts).flatMap((copy) => copyView(input, facts, copy, imports) ?? []);
      const effects = [
        ...acted.flatMap((effect) => effectView(input, facts, effect, imports) ?? []),
        ...carriesOut.flatMap((command) => commandView(input, facts, command, imports) ?? []),
        ...answers.flatMap((answer) => answerView(input, facts, answer, imports) ?? []),
      ];
      const lines = [...copies, ...effects].flatMap((item) => item.lines).join('\n');
      const values = runtimeValuesIn(lines).concat(
        copies.length > 0 ? ['replica'] : [],
        effects.length > 0 ? ['effect'] : [],
        ['CommandHandler', 'EffectHandler'].flatMap((name) =>
          effects.some(({ handler }) => handler.startsWith(`${name}<`)) ? [`type ${name}`] : [],
        ),
      );
      const source =
        kept[0]?.consumer.at.file ??
        acted[0]?.consumer.at.file ??
        carriesOut[0]?.command.at.file ??
        answers[0]?.commands[0]?.at.file ??
        facts.service.at.file;
      yield {
        base: 'output',
        path: `${facts.service.name}/consumers.gen.ts`,
        ownership: 'owned',
        source,
        emitter: this.name,
        template: 'consumers',
        view: {
          source,
          runtimeValues: values.sort(byImportName).join(', '),
          imports: [
            ...importLines(imports),
            ...(effects.length > 0 ? [`import type { ${facts.pascal}Transaction } from './producers.gen.js';`] : []),
          ],
          service: facts.service.name,
          copies,
          effects,
          handlersType: `${facts.pascal}Handlers`,
          handlers: effects.map((effect) => ({ slot: effect.slot, type: effect.type })),
        },
      };
    }
  },
};

function byImportName(a: string, b: string): number {
  return a.replace('type ', '') < b.replace('type ', '') ? -1 : 1;
}

export interface CopyNames {
  readonly entity: Entity;
  readonly consumer: EntityConsumer;
  readonly row: string;
  readonly variable: string;
  readonly table: string;
}

/** Names of a service's copies, distinct even when two entities are kept under one name. */
export function copiesOf(facts: ServiceFacts): readonly CopyNames[] {
  const rows = distinct(facts.copies, (copy) => typeName(copy.consumer.as));
  const tables = distinct(facts.copies, (copy) => tableName(copy.consumer.as));
  return facts.copies.map((copy) => {
    const row = rows.get(copy) ?? typeName(copy.consumer.as);
    return { ...copy, row, variable: variableName(`${row} copy`), table: tables.get(copy) ?? tableName(row) };
  });
}

function copyView(input: EmitInput, facts: ServiceFacts, copy: CopyNames, imports: Imports) {
  const { model, types } = input;
  const { entity, consumer } = copy;
  const names = entity.event === undefined ? undefined : types.message(entity.event);
  const payload = entity.event === undefined ? undefined : model.messages.get(entity.event)?.definition.payload;
  if (names === undefined || payload === undefined) return undefined;
  const key = accessTo(model, payload, joinPath(entity.payload, entity.key));
  const data = accessTo(model, payload, entity.payload);
  if (key === undefined || data === undefined) return undefined;
  imports.type(names.typeName, `../${names.module}.js`);
  imports.value(definitionName(names.typeName), `../${definitionModule(names.module)}.js`);
  const fields = fieldsOf(model, payload, entity, consumer);
  const columnsText = columnsOf(fields).map(
    ({ name, field, type }) =>
      `{ name: ${stringLiteral(name)}, field: ${stringLiteral(field)}, type: ${stringLiteral(type)} }`,
  );
  const when = consumer.when === undefined ? undefined : predicateText(consumer.when, entity.payload, []);
  return {
    row: copy.row,
    variable: copy.variable,
    message: names.typeName,
    doc: docComment(`${facts.service.name}'s copy of ${entity.name}.`),
    constDoc: docComment(
      `Keeps ${facts.service.name}'s copy of ${entity.name} (owner: ${entity.owner}). Source: ${place(consumer)}`,
    ),
    fields: fields.map((field) => `readonly ${propertyKey(field.name)}: ${field.type(names.typeName)};`),
    lines: [
      `name: ${stringLiteral(`${facts.service.name}.${consumer.as}`)},`,
      `message: ${definitionName(names.typeName)},`,
      `entity: ${stringLiteral(entity.name)},`,
      `owner: ${stringLiteral(entity.owner)},`,
      `table: {\n    name: ${stringLiteral(copy.table)},\n    entity: ${stringLiteral(entity.name)},\n    columns: [\n      ${columnsText.join(',\n      ')},\n    ],\n  },`,
      `key: (m) => ${asText(key, 'm')},`,
      `data: (m) => ${data.from('m')},`,
      `version: ${versionText(model, payload, entity.ordering)},`,
      `deleted: ${deletedText(model, payload, entity)},`,
      ...(when === undefined ? [] : [`when: ${when},`]),
      `fields: (m) => ({\n    ${fields.map((field) => `${propertyKey(field.name)}: ${field.value},`).join('\n    ')}\n  }),`,
      `awaits: ${waitsText(model, payload, entity.payload, consumer.waits)},`,
      `retry: ${retryText(undefined, entity.deadLetter.given ? entity.deadLetter.maxDeliveries : undefined)},`,
      ...(consumer.batchSize === undefined ? [] : [`batchSize: ${consumer.batchSize},`]),
    ],
  };
}

/** Tables of a service's copies; what a copy has no payload for is not there. */
export function replicaTables(model: Model, facts: ServiceFacts): readonly ReplicaTable[] {
  return copiesOf(facts).flatMap(({ entity, consumer, table }) => {
    const payload = entity.event === undefined ? undefined : model.messages.get(entity.event)?.definition.payload;
    if (payload === undefined) return [];
    const columns = columnsOf(fieldsOf(model, payload, entity, consumer));
    return [{ name: table, entity: entity.name, columns }];
  });
}

function columnsOf(fields: readonly Field[]): ReplicaTable['columns'] {
  const names = distinct(fields, (field) => snakeName(field.name));
  return fields.map((field) => ({ name: names.get(field) ?? field.name, field: field.name, type: field.column }));
}

interface Field {
  readonly name: string;
  readonly column: ReplicaColumn['type'];
  readonly value: string;
  type(message: string): string;
}

/** Fields that the payload really has; unknown ones are a rule's business. */
function fieldsOf(model: Model, payload: SchemaRef, entity: Entity, consumer: EntityConsumer): readonly Field[] {
  return consumer.fields.flatMap((field): readonly Field[] => {
    const access = accessTo(model, payload, joinPath(entity.payload, field.path));
    if (access === undefined) return [];
    const value = access.from('m');
    return [
      {
        name: field.name,
        column: columnType(access.kind),
        value: access.optional ? `${value} ?? null` : value,
        type: (message) => (access.optional ? orNull(access.type(message)) : access.type(message)),
      },
    ];
  });
}

/** Of a value that may be missing: a copy has null there. */
function orNull(type: string): string {
  if (type === 'unknown') return type;
  const bare = type.replace(/ \| null$/, '');
  return /^(string|number|boolean)$/.test(bare) ? `${bare} | null` : `NonNullable<${bare}> | null`;
}

function columnType(kind: NonNullable<ReturnType<typeof accessTo>>['kind']): ReplicaColumn['type'] {
  const types = {
    string: 'text',
    integer: 'bigint',
    number: 'double precision',
    boolean: 'boolean',
    json: 'jsonb',
  } as const;
  return types[kind];
}

function effectView(
  input: EmitInput,
  facts: ServiceFacts,
  effect: EffectFacts,
  imports: Imports,
): SlotView | undefined {
  const { model, types } = input;
  const { event, consumer, slot } = effect;
  const names = types.message(event.message);
  const payload = model.messages.get(event.message)?.definition.payload;
  if (names === undefined || payload === undefined) return undefined;
  imports.type(names.typeName, `../${names.module}.js`);
  imports.value(definitionName(names.typeName), `../${definitionModule(names.module)}.js`);
  const entity = event.entity === undefined ? undefined : model.entities.get(event.entity);
  const carrier = entity?.event === event.message ? entity : undefined;
  const keyPath = consumer.idempotencyKey ?? event.idempotencyKey;
  const key = keyPath === undefined ? undefined : accessTo(model, payload, keyPath);
  const when = consumer.when === undefined ? undefined : predicateText(consumer.when, carrier?.payload ?? '', []);
  const purpose = consumer.effect ?? consumer.purpose ?? event.purpose ?? 'acts on the message';
  return {
    slot,
    type: typeName(slot),
    variable: variableName(`${slot} effect`),
    message: names.typeName,
    handler: `EffectHandler<${names.typeName}, ${facts.pascal}Transaction>`,
    doc: docComment(
      `${facts.service.name}, on ${event.name}${event.publisher === '' ? '' : ` from ${event.publisher}`}: ${purpose}. Source: ${place(consumer)}`,
    ),
    lines: [
      `name: ${stringLiteral(`${facts.service.name}.${slot}`)},`,
      `handler: ${stringLiteral(slot)},`,
      `message: ${definitionName(names.typeName)},`,
      ...(key === undefined ? [] : [`idempotencyKey: (m) => ${asText(key, 'm')},`]),
      ...(carrier === undefined ? [] : guardLines(model, payload, carrier)),
      ...(when === undefined ? [] : [`when: ${when},`]),
      `awaits: ${waitsText(model, payload, carrier?.payload ?? '', consumer.waits)},`,
      `retry: ${retryText(consumer.retry, event.deadLetter.given ? event.deadLetter.maxDeliveries : undefined)},`,
      `transaction: ${stringLiteral(consumer.transaction)},`,
      ...callsLines(facts, consumer),
    ],
  };
}

/** Operations that the handler may call, with the providers that the service's edges name for them. */
function callsLines(facts: ServiceFacts, { calls }: EffectFacts['consumer']): readonly string[] {
  if (calls.length === 0) return [];
  const allowed = calls.flatMap(({ operationId }) =>
    facts.calls
      .filter((edge) => edge.operations.some(({ id }) => id === operationId))
      .map((edge) => stringLiteral(`${edge.to}.${operationId}`)),
  );
  return [`calls: [${[...new Set(allowed)].join(', ')}],`];
}

/** A message that carries an entity's state is acted on newest-only. */
function guardLines(model: Model, payload: SchemaRef, entity: Entity): readonly string[] {
  const key = accessTo(model, payload, joinPath(entity.payload, entity.key));
  const data = accessTo(model, payload, entity.payload);
  if (key === undefined || data === undefined) return [];
  return [
    `guard: {\n    entity: ${stringLiteral(entity.name)},\n    key: (m) => ${asText(key, 'm')},\n    data: (m) => ${data.from('m')},\n    version: ${versionText(model, payload, entity.ordering)},\n    carries: 'state',\n  },`,
  ];
}

function versionText(model: Model, payload: SchemaRef, ordering: Ordering): string {
  if (ordering.version.kind === 'sequence') return "{ kind: 'sequence' }";
  const of = accessTo(model, payload, ordering.version.path);
  const tie = ordering.tieBreaker === null ? undefined : accessTo(model, payload, ordering.tieBreaker);
  if (of === undefined) return "{ kind: 'sequence' }";
  const tieText = tie === undefined ? '' : `, tie: (m) => ${asText(tie, 'm')}`;
  return `{ kind: 'timestamp', of: (m) => ${asText(of, 'm')}${tieText} }`;
}

/** Gone when the operation says so, or the soft-delete flag of the state does. */
function deletedText(model: Model, payload: SchemaRef, entity: Entity): string {
  const flag =
    entity.delete.field === undefined
      ? undefined
      : accessTo(model, payload, joinPath(entity.payload, entity.delete.field));
  if (entity.delete.mode === 'never') return '() => false';
  return flag === undefined
    ? "(_m, op) => op === 'deleted'"
    : `(m, op) => op === 'deleted' || ${flag.from('m')} === true`;
}

function place(item: { readonly at: { readonly file: string; readonly line: number } }): string {
  return `${item.at.file}:${item.at.line}`;
}
