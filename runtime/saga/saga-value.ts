import { SeamwrightError } from '../errors.js';
import type { SagaArguments, SagaValue } from './plan.js';
import type { SagaRun, SagaValues } from './run.js';

/** What expressions of a plan may name. */
export interface SagaFacts {
  readonly id: string;
  readonly input: unknown;
  readonly run: Pick<SagaRun, 'outputs' | 'marks'>;
  /** Idempotency key of the step at hand. */
  readonly key?: string;
  /** Answer of a call. */
  readonly response?: { readonly body: unknown; readonly header: (name: string) => string | undefined };
  /** Payload of a message. */
  readonly message?: unknown;
}

/** An expression names what a step has answered, and nobody knows whether the step has happened. */
export class SagaValueMissing extends SeamwrightError {
  constructor(text: string, step: string) {
    super('saga-value-missing', `"${text}" is not known: nobody knows yet whether "${step}" has happened`);
  }
}

/** Undefined for what is not there, such as an optional property. Throws `SagaValueMissing`. */
export function readValue(value: SagaValue, facts: SagaFacts): unknown {
  if (typeof value === 'string') return value.startsWith('$') ? named(value, facts) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one: SagaValue) => readValue(one, facts) ?? null);
  return argumentsOf(value as SagaArguments, facts);
}

/** Each argument; those that are not there are left out. */
export function argumentsOf(given: SagaArguments, facts: SagaFacts): SagaValues {
  const members = Object.entries(given).map(([name, value]) => [name, readValue(value, facts)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** Arguments for a call or a message: without any, all that the run was started with and has learned. */
export function allArguments(given: SagaArguments, facts: SagaFacts): SagaValues {
  if (Object.keys(given).length > 0) return argumentsOf(given, facts);
  const input = typeof facts.input === 'object' && facts.input !== null ? facts.input : {};
  return Object.assign({}, input, ...Object.values(facts.run.outputs));
}

function named(text: string, facts: SagaFacts): unknown {
  if (text.startsWith('$$')) return text.slice(1);
  const { id, input, key, response, message } = facts;
  if (text === '$key') return key;
  if (text === '$input') return input;
  if (text === '$message' || text === '$message#') return message;
  if (text === '$response.body' || text === '$response.body#') return response?.body;
  if (text.startsWith('$message#/')) return pointedAt(message, text.slice('$message#/'.length));
  if (text.startsWith('$response.body#/')) return pointedAt(response?.body, text.slice('$response.body#/'.length));
  if (text.startsWith('$response.header.')) return response?.header(text.slice('$response.header.'.length));
  const [first = '', ...path] = text.slice(1).split('.');
  if (first === 'input') return inside(input, path);
  if (first === 'run') return path.join('.') === 'id' ? id : undefined;
  if (first === 'steps') return ofStep(text, path, facts);
  return ofName(first, path, facts);
}

/** `steps.<step>.outputs.<name>`; names of steps have no dots. */
function ofStep(text: string, [step = '', part, ...path]: readonly string[], { run }: SagaFacts): unknown {
  const outputs = own(run.outputs, step);
  if (outputs === undefined && run.marks[step] === 'begun') throw new SagaValueMissing(text, step);
  return part === 'outputs' ? inside(outputs, path) : undefined;
}

/** An output by its name alone: of the step that has answered last. */
function ofName(name: string, path: readonly string[], { run, input }: SagaFacts): unknown {
  const found = Object.values(run.outputs).findLast((outputs) => Object.hasOwn(outputs, name));
  return inside(found ?? input, [name, ...path]);
}

/** RFC 6901. */
function pointedAt(value: unknown, pointer: string): unknown {
  const path = pointer.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return inside(value, path);
}

function inside(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => own(at, name), value);
}

/** What contracts name are properties of data, never of the language. */
function own(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}
