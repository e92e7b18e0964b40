import type { SchemaRef } from '../../schema/ref.js';
import { propertiesOf, propertyAt } from '../payload.js';
import type { Model, Operation, SagaStep } from '../types.js';
import { inputOf, type SagaInput } from './input.js';
import { messageCalled, type SagaPart } from './parts.js';

/** Where a value of a saga comes from. */
export interface SagaSource {
  /** As the plan says it: `$input.amount`. */
  readonly text: string;
  /** Its schema, when the contracts know it. */
  readonly ref?: SchemaRef;
  /** A type that the contract names in a word, for outputs of local steps. */
  readonly word?: string;
  /** Surely there. */
  readonly required: boolean;
}

/** What a text of a contract means. */
export type SagaMeaning =
  | { readonly kind: 'plain' }
  | { readonly kind: 'source'; readonly source: SagaSource }
  | { readonly kind: 'unknown'; readonly what: string; readonly among: readonly string[] };

/** The values that one step, its compensation or the end of a saga can use. */
export interface SagaScope {
  readonly input: SagaInput;
  /** A value by its bare name: an output of a step before, the latest first, else of the input. */
  called(name: string): SagaSource | undefined;
  meaning(text: string): SagaMeaning;
  /** A text whose bare name is a declared output of a local step, with that step's name in it. */
  settled(text: string): string;
}

/** Words after `$` that are no names of outputs. */
const words = new Set(['input', 'steps', 'run', 'key', 'response', 'message']);

/** Values that are there when the first `done` steps of a part are. */
export function scopeOf(model: Model, part: SagaPart, done: number, of?: SagaStep): SagaScope {
  const input = inputOf(model, part);
  const before = part.steps.slice(0, done);
  const outputs = [...before].reverse().flatMap((step) => outputsOf(model, part, step));
  const free = before.filter(isFree);
  const called = (name: string): SagaSource | undefined => {
    const output = outputs.find((each) => each.name === name);
    if (output !== undefined) return output.source;
    const field = input.fields.get(name);
    if (field !== undefined)
      return { text: `$input.${name}`, required: field.required, ...(field.ref && { ref: field.ref }) };
    return undefined;
  };
  return {
    input,
    called: (name) => called(name) ?? (free.length > 0 ? { text: `$${name}`, required: false } : undefined),
    settled: (text) => settledIn(before, text),
    meaning: (text) => meaningOf(model, { part, input, before, free, called, ...(of && { of }) }, text),
  };
}

function settledIn(before: readonly SagaStep[], text: string): string {
  const [, name = '', rest = ''] = /^\$([^$.#][^.#]*)(.*)$/s.exec(text) ?? [];
  if (name === '' || words.has(name)) return text;
  const step = before.findLast((each) => each.action.kind === 'local' && Object.hasOwn(each.outputs, name));
  return step === undefined ? text : `$steps.${step.id}.outputs.${name}${rest}`;
}

interface Known {
  readonly part: SagaPart;
  readonly input: SagaInput;
  readonly before: readonly SagaStep[];
  readonly free: readonly SagaStep[];
  readonly of?: SagaStep;
  called(name: string): SagaSource | undefined;
}

function meaningOf(model: Model, known: Known, text: string): SagaMeaning {
  if (!text.startsWith('$') || text.startsWith('$$')) return { kind: 'plain' };
  const [head = '', ...rest] = text.slice(1).split('.');
  const word = head.replace(/#.*$/, '');
  if (word === 'run') {
    if (rest.join('.') === 'id') return found({ text, required: true });
    return { kind: 'unknown', what: `"${text}"`, among: ['$run.id'] };
  }
  if (word === 'key') return found({ text, required: true });
  if (word === 'input') return inInput(model, known, text, rest);
  if (word === 'steps') return inSteps(model, known, text, rest);
  if (word === 'response' || word === 'message') return inAnswer(model, known, text);
  return byName(model, known, text, head, rest);
}

function found(source: SagaSource): SagaMeaning {
  return { kind: 'source', source };
}

function inInput(model: Model, { input }: Known, text: string, path: readonly string[]): SagaMeaning {
  const [name] = path;
  if (name === undefined) return found({ text, required: true });
  const field = input.fields.get(name);
  if (field === undefined)
    return input.isOpen
      ? found({ text, required: false })
      : { kind: 'unknown', what: `"${name}" of the input`, among: [...input.fields.keys()] };
  return below(model, text, path, { text, required: field.required, ...(field.ref && { ref: field.ref }) });
}

function inSteps(model: Model, known: Known, text: string, path: readonly string[]): SagaMeaning {
  const [id = '', word, name] = path;
  const step = known.before.find((each) => each.id === id);
  if (step === undefined) {
    const later = known.part.steps.some((each) => each.id === id);
    return {
      kind: 'unknown',
      what: later ? `step "${id}", which is not done before` : `step "${id}"`,
      among: known.before.map((each) => each.id),
    };
  }
  if (word !== 'outputs') return { kind: 'unknown', what: `"${text}"`, among: [`$steps.${id}.outputs.<name>`] };
  if (name === undefined) return found({ text, required: true });
  const outputs = outputsOf(model, known.part, step);
  const output = outputs.find((each) => each.name === name);
  if (output === undefined)
    return isFree(step)
      ? found({ text, required: false })
      : { kind: 'unknown', what: `output "${name}" of step "${id}"`, among: outputs.map((each) => each.name) };
  return below(model, text, path.slice(2), { ...output.source, text });
}

function byName(model: Model, known: Known, text: string, name: string, rest: readonly string[]): SagaMeaning {
  const output = [...known.before]
    .reverse()
    .flatMap((step) => (step.action.kind === 'local' ? outputsOf(model, known.part, step) : []))
    .find((each) => each.name === name);
  if (output !== undefined) return below(model, text, [name, ...rest], { ...output.source, text });
  if (known.free.length > 0 && !words.has(name)) return found({ text, required: false });
  const among = known.before.flatMap((step) => outputsOf(model, known.part, step).map((each) => `$${each.name}`));
  return { kind: 'unknown', what: `"$${name}"`, among: ['$input', '$steps', '$run.id', '$key', ...among] };
}

/** `$response.body#/a/b`, `$response.header.X` and `$message#/a` speak of the step's own answer. */
function inAnswer(model: Model, { part, of }: Known, text: string): SagaMeaning {
  const [, pointer] = /^\$(?:response\.body|message)#\/(.*)$/.exec(text) ?? [];
  if (text.startsWith('$response.header.')) return found({ text, required: false });
  if (pointer === undefined || of === undefined)
    return { kind: 'unknown', what: `"${text}"`, among: ['$response.body#/<path>', '$message#/<path>'] };
  const path = pointer.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const schema = answerOf(model, part, of, text.startsWith('$response') ? 'response' : 'message');
  if (schema === undefined) return found({ text, required: false });
  return below(model, text, ['', ...path], { text, required: true, ref: schema });
}

/** Schema of what a step is answered with. */
function answerOf(
  model: Model,
  part: SagaPart,
  { service, action }: SagaStep,
  kind: 'response' | 'message',
): SchemaRef | undefined {
  if (kind === 'message') return model.messages.get(messageCalled(model, action.receive[0] ?? ''))?.definition.payload;
  const operation = model.operations.get(`${service ?? part.service}.${action.name}`);
  return operation === undefined ? undefined : successOf(operation);
}

/** Schema of the first JSON body of a success. */
export function successOf({ definition }: Operation): SchemaRef | undefined {
  return definition.responses
    .filter(({ status }) => status.startsWith('2'))
    .flatMap(({ bodies }) => bodies)
    .find(({ contentType }) => /json/i.test(contentType))?.schema;
}

interface Output {
  readonly name: string;
  readonly source: SagaSource;
}

/** Declared outputs of a step. Those of a local step name their type; the others say where in the answer they are. */
export function outputsOf(model: Model, part: SagaPart, step: SagaStep): readonly Output[] {
  return Object.entries(step.outputs).map(([name, value]) => {
    const text = `$steps.${step.id}.outputs.${name}`;
    if (typeof value !== 'string') return { name, source: { text, required: true } };
    if (step.action.kind === 'local') {
      const ref = schemaCalled(model, value);
      return { name, source: { text, required: true, ...(ref ? { ref } : { word: value }) } };
    }
    const known: Known = {
      ...{ part, input: inputOf(model, part), before: [], free: [], of: step },
      called: () => undefined,
    };
    const meaning = meaningOf(model, known, value);
    const source = meaning.kind === 'source' ? meaning.source : { required: false };
    return { name, source: { ...source, text } };
  });
}

/** Schema of an entity, of a message or of a component, by its name. */
export function schemaCalled(model: Model, name: string): SchemaRef | undefined {
  const entity = model.entities.get(name);
  const payload = entity?.event === undefined ? undefined : model.messages.get(entity.event)?.definition.payload;
  const told =
    payload === undefined || entity === undefined ? undefined : propertyAt(model, payload, entity.payload)?.ref;
  const component = model.schemas.find((schema) => schema.name === (entity?.schema ?? name))?.ref;
  return told ?? component ?? model.messages.get(name)?.definition.payload;
}

/** A local step that does not say what it returns may return anything. */
function isFree({ action, outputs }: SagaStep): boolean {
  return action.kind === 'local' && Object.keys(outputs).length === 0;
}

/** Follows a path whose first step is the source itself. */
function below(model: Model, text: string, path: readonly string[], source: SagaSource): SagaMeaning {
  let { ref, required } = source;
  for (const step of path.slice(1)) {
    if (ref === undefined) return found({ text, required: false });
    const properties = propertiesOf(model, ref);
    const property = properties.get(step);
    if (property === undefined) {
      if (properties.size === 0) return found({ text, required: false });
      return { kind: 'unknown', what: `"${step}" of "${text}"`, among: [...properties.keys()] };
    }
    ref = property.ref;
    required &&= property.required;
  }
  return found({ text, required, ...(ref && { ref }), ...(path.length < 2 && source.word && { word: source.word }) });
}
