import { transitionTable } from '../../../runtime/saga/table.js';
import { correlationOf, inputOf } from '../../model/sagas/input.js';
import { outputsOf, scopeOf } from '../../model/sagas/scope.js';
import type { SagaStep } from '../../model/types.js';
import type { EmitInput, Emitter } from '../emitter.js';
import { Imports, importLines } from '../imports.js';
import { literalLines } from '../literal-lines.js';
import { docComment, jsonLiteral, memberAccess, propertyKey, stringLiteral } from '../names.js';
import { sagaCallsOf } from '../sagas/calls.js';
import { inputDeclaration } from '../sagas/input-type.js';
import { localsOf, type SagaNames, sagasOf } from '../sagas/names.js';
import { planOf, signal } from '../sagas/plan.js';
import { typeCalled, typeOf } from '../schema-type.js';
import { type ServiceFacts, servicesToEmit } from '../service-facts.js';
import { definitionModule, definitionName } from './message-definitions.js';

/** `<service>/sagas.gen.ts`: the plan and the transitions of each saga that the service leads or takes part in, and the types of its local functions. */
export const sagas: Emitter = {
  name: 'sagas',
  summary: 'plans of sagas with the types of their inputs and local functions',
  *plan(input) {
    for (const facts of servicesToEmit(input.model)) {
      const [first] = facts.sagas;
      if (first === undefined) continue;
      yield {
        base: 'output',
        path: `${facts.service.name}/sagas.gen.ts`,
        ownership: 'owned',
        source: first.saga.at.file,
        emitter: this.name,
        template: 'sagas',
        view: sagasView(input, facts, first.saga.at.file),
      };
    }
  },
};

function sagasView(input: EmitInput, facts: ServiceFacts, source: string) {
  const imports = new Imports();
  const views = sagasOf(facts).map((names) => sagaView(input, names, imports));
  const calls = sagaCallsOf(input, facts);
  if (calls.length > 0) imports.type(`${facts.pascal}Clients`, './clients.gen.js');
  const hasLocals = views.some(({ locals }) => locals.length > 0);
  return {
    source,
    service: facts.service.name,
    runtimeTypes: [
      ...(calls.length > 0 ? ['SagaCalls'] : []),
      'SagaDefinition',
      ...(hasLocals ? ['SagaLocal'] : []),
    ].join(', '),
    textOf: views.some(({ usesTextOf }) => usesTextOf),
    imports: importLines(imports),
    sagas: views,
    sagasType: `${facts.pascal}Sagas`,
    hasLocals,
    calls,
    callsName: `${facts.pascal.slice(0, 1).toLowerCase()}${facts.pascal.slice(1)}SagaCalls`,
    clients: `${facts.pascal}Clients`,
  };
}

function sagaView(input: EmitInput, names: SagaNames, imports: Imports) {
  const { model, types } = input;
  const { part } = names;
  const plan = planOf(model, part);
  const locals = localsOf(part);
  const id = correlationOf(part);
  const field = inputOf(model, part).fields.get(id);
  const access = `input${memberAccess(id, false)}`;
  const isText = field?.required === true && (field.ref === undefined || typeOf(model, field.ref) === 'string');
  const messages = part.takes.flatMap(({ message }) => {
    const known = types.message(message);
    if (known === undefined) return [];
    imports.value(definitionName(known.typeName), `../${definitionModule(known.module)}.js`);
    return [definitionName(known.typeName)];
  });
  const starts = part.startsWith.kind === 'message' ? signal(part, part.startsWith.message) : undefined;
  const outputs = part.steps.map((step) => outputMember(input, names, step, imports)).filter((text) => text !== '');
  const place = `${part.saga.at.file}:${part.saga.at.line}`;
  return {
    ...names,
    localsType: names.locals,
    doc: docComment(`${part.name}, version ${plan.version}. Source: ${place}`),
    inputDoc: docComment(`What ${part.name} is started with${startText(part.startsWith)}.`),
    inputType: inputDeclaration(input, names, imports),
    stepsDoc: docComment(`Outputs of the steps of ${part.name} that are done.`),
    outputs,
    locals: locals.map(({ name, step, isUndo }) => ({
      doc: docComment(`${isUndo ? 'Undoes step' : 'Step'} ${step.id}.`),
      text: `readonly ${propertyKey(name)}: SagaLocal<${names.input}, ${names.steps}, ${argumentsType(input, names, step, isUndo)}, ${isUndo ? 'unknown' : outputType(input, step, imports)}, Tx>;`,
    })),
    plan: literalLines(plan, 'plan: '),
    transitions: transitionTable(plan).map((row) => `${jsonLiteral(row)},`),
    property: stringLiteral(names.property),
    key: propertyKey(names.property),
    localNames: locals.map(({ name }) => stringLiteral(name)).join(', '),
    messages: messages.join(', '),
    id: isText ? access : `textOf(${access})`,
    usesTextOf: !isText,
    startsOn: starts === undefined ? '' : jsonLiteral(starts),
  };
}

function startText(starts: SagaNames['part']['startsWith']): string {
  if (starts.kind === 'operation') return `: the request of ${starts.name}, side by side, with the id of the run`;
  if (starts.kind === 'message') return `: the message ${starts.message}`;
  return '';
}

/** A step that puts nothing out is not listed; a local one may put out anything. */
function outputMember(input: EmitInput, names: SagaNames, step: SagaStep, imports: Imports): string {
  const type = outputType(input, step, imports, names);
  return type === 'unknown' && step.action.kind !== 'local' ? '' : `readonly ${propertyKey(step.id)}?: ${type};`;
}

/** What a step leaves behind; `unknown` when the contract does not tell. */
function outputType(input: EmitInput, step: SagaStep, imports: Imports, names?: SagaNames): string {
  if (Object.keys(step.outputs).length === 0) return 'unknown';
  const members = Object.entries(step.outputs).map(([name, value]) => {
    const word = step.action.kind === 'local' && typeof value === 'string' ? value : undefined;
    if (word !== undefined) return `readonly ${propertyKey(name)}: ${typeCalled(input, word, imports) ?? 'unknown'}`;
    const source =
      names === undefined
        ? undefined
        : outputsOf(input.model, names.part, step).find((each) => each.name === name)?.source;
    const type = source?.ref === undefined ? 'unknown' : typeOf(input.model, source.ref);
    return `readonly ${propertyKey(name)}${source?.required === true ? '' : '?'}: ${type}`;
  });
  return `{ ${members.join('; ')} }`;
}

/** Types of the arguments that the contract's `with` gives a local function. */
function argumentsType({ model }: EmitInput, { part }: SagaNames, step: SagaStep, isUndo: boolean): string {
  const given = isUndo ? (step.compensate?.action.with ?? {}) : step.action.with;
  const scope = scopeOf(model, part, part.steps.indexOf(step) + (isUndo ? 1 : 0));
  const members = Object.entries(given).map(([name, value]) => {
    if (typeof value === 'number' || typeof value === 'boolean')
      return `readonly ${propertyKey(name)}: ${typeof value}`;
    const meaning = typeof value === 'string' ? scope.meaning(value) : undefined;
    if (meaning?.kind === 'plain') return `readonly ${propertyKey(name)}: string`;
    const source = meaning?.kind === 'source' ? meaning.source : undefined;
    const type = source?.ref === undefined ? 'unknown' : typeOf(model, source.ref);
    return `readonly ${propertyKey(name)}${source?.required === true ? '' : '?'}: ${type}`;
  });
  return members.length === 0 ? 'Readonly<Record<string, never>>' : `{ ${members.join('; ')} }`;
}
