import type { PactInteraction } from '../../../generator/emit/pact/pact-file.js';
import type { Subject } from '../../subject.js';
import type { RunningSubject } from '../running-subject.js';
import { type Derived, deriveState } from './derive-state.js';
import type { ProviderContract } from './provider-contract.js';
import { asObject, Seeder } from './seeder.js';
import type { StateContext, StateHandlers } from './state-handlers.js';

type Values = Readonly<Record<string, unknown>>;

export interface StateParts {
  readonly interaction: PactInteraction;
  readonly consumer: string;
  readonly handlers: StateHandlers;
  readonly contract: ProviderContract;
  readonly running: RunningSubject;
  readonly subject: Subject;
}

/** How a state was reached. */
export interface Reached {
  /** By a handler of the user's. */
  readonly own: boolean;
  /** By one of this very name, which thereby says that everything in the interaction is there. */
  readonly promised: boolean;
  readonly values: Values;
}

/** Reaches the state `name` of an interaction. Throws when nobody knows how, or when the attempt fails: a state that is not there proves nothing. */
export async function reachState(name: string, params: Values, parts: StateParts): Promise<Reached> {
  const { interaction, consumer, handlers, running } = parts;
  for (const stub of Object.values(running.stubs)) stub.reset();
  running.scripted.clear();
  const derive = async (): Promise<Values> => {
    const derived = await derivedState(parts);
    if (derived.ok) return { ...params, ...derived.values };
    throw new Error(
      `nobody knows how to reach it (${derived.reason}); export states with "${name}" from verify.ts of the service`,
    );
  };
  const { description } = interaction;
  const exact = [description, name].find((each) => Object.hasOwn(handlers, each));
  // One handler is enough for all forms of a thing: "user exists, with everything optional" is still a user that exists.
  const found = exact ?? [description, name].map(plain).find((each) => Object.hasOwn(handlers, each));
  const handler = found === undefined ? undefined : handlers[found];
  if (handler !== undefined) {
    const context: StateContext = {
      params,
      complete: interaction.comments?.seamwright?.variant === 'complete',
      derive,
      service: running.service,
      stubs: running.stubs,
      answer: (...args) => running.scripted.answer(...args),
      fetch: async (path, init) => running.ask(consumer, new Request(new URL(path, 'http://localhost'), init)),
    };
    return { promised: exact !== undefined, own: true, values: { ...params, ...asObject(await handler(context)) } };
  }
  // What is sent is raised when it is asked for.
  if (interaction.type !== 'Synchronous/HTTP') return { promised: false, own: false, values: params };
  return { promised: false, own: false, values: await derive() };
}

/** Without the form: what follows the comma. */
function plain(name: string): string {
  return name.split(', ', 1)[0] ?? name;
}

async function derivedState({ interaction, subject, contract, running, consumer }: StateParts): Promise<Derived> {
  const operation = contract.operation(interaction.comments?.seamwright?.operation);
  return interaction.type !== 'Synchronous/HTTP' || operation === undefined
    ? { ok: false, reason: 'the interaction names no operation of the contract' }
    : deriveState(new Seeder(subject, contract, running, consumer), operation, interaction);
}
