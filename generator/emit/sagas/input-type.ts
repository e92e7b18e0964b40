import type { InputField } from '../../model/sagas/input.js';
import { inputOf } from '../../model/sagas/input.js';
import type { EmitInput } from '../emitter.js';
import type { Imports } from '../imports.js';
import { propertyKey } from '../names.js';
import { typeOf } from '../schema-type.js';
import type { SagaNames } from './names.js';

/** Declaration of what a part is started with: the message itself, or the request with the run's id. */
export function inputDeclaration(input: EmitInput, { part, input: name }: SagaNames, imports: Imports): string {
  const { startsWith } = part;
  const message = startsWith.kind === 'message' ? input.types.message(startsWith.message) : undefined;
  if (message !== undefined) {
    imports.type(message.typeName, `../${message.module}.js`);
    return `export type ${name} = ${message.typeName};`;
  }
  const { fields, isOpen } = inputOf(input.model, part);
  const members = [...fields.values()].map((field) => `  ${member(input, field)}`);
  const open = isOpen ? ['  readonly [name: string]: unknown;'] : [];
  return [`export interface ${name} {`, ...members, ...open, '}'].join('\n');
}

function member({ model }: EmitInput, { name, ref, required }: InputField): string {
  return `readonly ${propertyKey(name)}${required ? '' : '?'}: ${ref === undefined ? 'string' : typeOf(model, ref)};`;
}
