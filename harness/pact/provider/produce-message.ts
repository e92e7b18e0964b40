import type { MessageInteraction } from '../../../generator/emit/pact/pact-file.js';
import type { WireMessage } from '../../../runtime/envelope.js';
import { at } from '../../../runtime/values.js';
import { messageType } from '../../../runtime/wire.js';
import type { Subject } from '../../subject.js';
import type { RunningSubject } from '../running-subject.js';
import type { ContractOperation, ProviderContract } from './provider-contract.js';
import { asObject, idOf, Seeder } from './seeder.js';

/** A message as it left the service. */
export interface Produced {
  readonly payload: unknown;
  readonly metadata: Readonly<Record<string, string>>;
  /** `operation`: the user's own code raised it. `producer`: it was raised with what the contract shows, through the generated producer. */
  readonly by: 'state' | 'operation' | 'producer';
}

export interface Production {
  readonly interaction: MessageInteraction;
  readonly consumer: string;
  readonly contract: ProviderContract;
  readonly running: RunningSubject;
  readonly subject: Subject;
  /** How many messages had left before the state was set up by the user; undefined when it was not. */
  readonly since: number | undefined;
}

/**
 * Has the service send a message: what a state of the user's brought about, else what one of its operations raises, else what its generated producer makes of the
 * contract's own example. In every case it went through the outbox and out of the broker's client. Throws when none leaves.
 */
export async function produceMessage(production: Production): Promise<Produced> {
  const { interaction, running, since } = production;
  const name = interaction.comments?.seamwright?.message ?? interaction.metadata['ce-type'] ?? interaction.description;
  const isWanted = (wire: WireMessage): boolean => messageType(wire) === name && hasShape(wire, interaction);
  if (since !== undefined) {
    await running.settled();
    const found = running.sent.slice(since).findLast((wire) => messageType(wire) === name);
    if (found === undefined) throw new Error(`its state was reached, but no "${name}" left the service`);
    return told(found, 'state');
  }
  const known = running.sent.findLast(isWanted);
  if (known !== undefined) return told(known, 'operation');
  for (const operation of byMethod(production.contract.operations)) {
    const before = running.sent.length;
    await attempt(production, operation);
    await running.settled();
    const found = running.sent.slice(before).find(isWanted);
    if (found !== undefined) return told(found, 'operation');
  }
  const before = running.sent.length;
  await raise(production, name);
  await running.settled();
  const found = running.sent.slice(before).findLast((wire) => messageType(wire) === name);
  if (found === undefined) throw new Error(`no "${name}" left the service`);
  return told(found, 'producer');
}

/** Operations that make something come first: others change what they made. */
function byMethod(operations: readonly ContractOperation[]): readonly ContractOperation[] {
  const order = ['post', 'put', 'patch', 'delete'];
  const place = ({ facts: { operation } }: ContractOperation): number =>
    order.indexOf(operation.definition.method) * 2 + (operation.definition.path.includes('{') ? 1 : 0);
  return operations
    .filter((each) => order.includes(each.facts.operation.definition.method))
    .sort((a, b) => place(a) - place(b));
}

/** What an operation raises when it succeeds, if it does: a refusal is no matter of messages. */
async function attempt(
  { subject, contract, running, consumer, interaction }: Production,
  operation: ContractOperation,
): Promise<void> {
  const seeder = new Seeder(subject, contract, running, consumer);
  const complete = interaction.comments?.seamwright?.variant === 'complete';
  try {
    if (!operation.facts.operation.definition.path.includes('{')) {
      await seeder.create(operation, complete);
      return;
    }
    const creator = seeder.creatorFor(operation);
    const [first] = operation.facts.parameters.filter(({ parameter }) => parameter.in === 'path');
    if (creator === undefined || first === undefined) return;
    const created = await seeder.create(creator, complete);
    await seeder.perform(operation, { values: { [first.as]: idOf(created, first.as) } });
  } catch {
    // The next operation may raise it; if none does, the generated producer has to.
  }
}

/** Everything that the interaction shows is there: the same kind of change, and the members that are only sometimes there. */
function hasShape(wire: WireMessage, { contents, metadata }: MessageInteraction): boolean {
  const op = metadata['ce-op'];
  if (op !== undefined && wire.headers['ce-op'] !== op) return false;
  return covers(JSON.parse(new TextDecoder().decode(wire.body)), contents.content);
}

function covers(value: unknown, shown: unknown): boolean {
  if (Array.isArray(shown)) return Array.isArray(value);
  if (typeof shown !== 'object' || shown === null) return true;
  const members = asObject(value);
  return Object.entries(shown).every(([name, inner]) => Object.hasOwn(members, name) && covers(members[name], inner));
}

function told({ headers, body }: WireMessage, by: Produced['by']): Produced {
  const { 'content-type': contentType = 'application/json', ...others } = headers;
  return { payload: JSON.parse(new TextDecoder().decode(body)), metadata: { contentType, ...others }, by };
}

interface Raising {
  readonly publish?: Readonly<Record<string, (message: unknown) => Promise<void>>>;
  readonly send?: Readonly<
    Record<string, (message: unknown, options: { readonly delayMs: number }) => Promise<unknown>>
  >;
}

interface RaisingEntity {
  created(state: unknown): Promise<void>;
  updated(state: unknown): Promise<void>;
  deleted(state: unknown): Promise<void>;
}

/** What the contract shows, through the producer that was generated for it. */
async function raise({ running, subject, interaction }: Production, name: string): Promise<void> {
  const { service } = running;
  const { model, code } = subject;
  const { definition } = code;
  if (service === undefined) throw new Error(`it has neither store nor broker, so no "${name}" can leave it`);
  const content = interaction.contents.content;
  const [entity] = Object.entries(definition.owned).find(([, owned]) => owned.message.name === name) ?? [];
  const [command] = Object.entries(definition.sends ?? {}).find(([, outgoing]) => outgoing.message.name === name) ?? [];
  const [event] = Object.entries(definition.publishes).find(([, outgoing]) => outgoing.message.name === name) ?? [];
  await service.transaction(async (tx) => {
    if (entity !== undefined) {
      const path = model.entities.get(entity)?.payload ?? '';
      const state = path === '' ? content : at(content, ...path.split('.'));
      const raising = Reflect.get(tx, entity) as RaisingEntity;
      const op = interaction.metadata['ce-op'];
      if (op === 'deleted') await raising.deleted(state);
      else if (op === 'updated') await raising.updated(state);
      else await raising.created(state);
    } else if (event !== undefined) await (tx as Raising).publish?.[event]?.(content);
    // At once: when it leaves is nothing that a pact is about.
    else if (command !== undefined) await (tx as Raising).send?.[command]?.(content, { delayMs: 0 });
    else throw new Error(`the generated code has no producer of "${name}"`);
  });
}
