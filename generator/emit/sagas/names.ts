import type { SagaPart } from '../../model/sagas/parts.js';
import { distinct, typeName, variableName } from '../names.js';
import type { ServiceFacts } from '../service-facts.js';

/** Names that generated code has for one part of a saga. */
export interface SagaNames {
  readonly part: SagaPart;
  /** Property of `options.sagas` and of `service.sagas`, such as `processPayment`. */
  readonly property: string;
  /** Type of what it is started with. */
  readonly input: string;
  /** Type of the outputs of its steps. */
  readonly steps: string;
  /** Type of its local functions. */
  readonly locals: string;
  /** Constant with its definition. */
  readonly variable: string;
}

/** Every part of a saga that a service runs. */
export function sagasOf(facts: ServiceFacts): readonly SagaNames[] {
  const properties = distinct(facts.sagas, (part) => variableName(part.name));
  return facts.sagas.map((part) => {
    const property = properties.get(part) ?? variableName(part.name);
    const pascal = typeName(property);
    return {
      part,
      property,
      input: `${pascal}Input`,
      steps: `${pascal}Steps`,
      locals: `${pascal}Locals`,
      variable: variableName(`${property} saga`),
    };
  });
}

/** Those that code of the service starts: no message does. */
export function startersOf(facts: ServiceFacts): readonly SagaNames[] {
  return sagasOf(facts).filter(({ part }) => part.startsWith.kind !== 'message');
}

/** Local functions of a part, each once, with the step that calls it first; `undo` when it takes a step back. */
export function localsOf(part: SagaPart) {
  const found = new Map<
    string,
    { readonly name: string; readonly step: SagaPart['steps'][number]; readonly isUndo: boolean }
  >();
  for (const step of part.steps) {
    const { action, compensate } = step;
    if (action.kind === 'local' && !found.has(action.name))
      found.set(action.name, { name: action.name, step, isUndo: false });
    const undo = compensate?.action;
    if (undo?.kind === 'local' && !found.has(undo.name)) found.set(undo.name, { name: undo.name, step, isUndo: true });
  }
  return [...found.values()];
}
