import type { Model, Saga } from '../model/types.js';
import {
  bothModels,
  consumersOf,
  copiersOf,
  reached,
  readersOf,
  receiversOf,
  sendersOf,
  together,
  writersOf,
} from './affected.js';
import type { Change, Noun } from './change.js';
import { messagesOn } from './channel-messages.js';
import type { Affected } from './judgement.js';
import { nameIn, namesOf } from './matching.js';
import type { Revisions } from './rule.js';
import { sharersOf } from './sharers.js';

/** Who is on either side of what changed, and everybody with the reason. Of a call the client writes; of a range the provider. */
export interface Concerned {
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  readonly affected: readonly Affected[];
}

interface Sides {
  readonly writers: readonly Affected[];
  readonly readers: readonly Affected[];
}

/** The two sides of any change, in both revisions: old instances run beside new ones. Nobody where the contract names nobody. */
export function concerned(change: Change, revisions: Revisions): Concerned {
  const { writers, readers } = sides[change.noun]?.(change, revisions) ?? everybody(change, revisions);
  return {
    writers: writers.map(({ service }) => service),
    readers: readers.map(({ service }) => service),
    affected: together(readers, writers),
  };
}

type Find = (change: Change, revisions: Revisions) => Sides;

const ofEntity: Find = (change, revisions) => {
  const names = namesOf(change);
  return {
    writers: each(revisions, names, (model, name) => {
      const entity = model.entities.get(name);
      return [[entity?.owner ?? '', entity?.features[0] ?? '', `owns "${name}"`]];
    }),
    readers: copiersOf(revisions, ...names),
  };
};

const ofEvent: Find = (change, revisions) => {
  const names = namesOf(change);
  return {
    writers: each(revisions, names, (model, name) => {
      const event = model.events.get(name);
      return [[event?.publisher ?? '', event?.feature ?? '', `publishes event "${name}"`]];
    }),
    readers: consumersOf(revisions, ...names),
  };
};

const ofCommand: Find = (change, revisions) => ({
  writers: sendersOf(revisions, ...namesOf(change)),
  readers: receiversOf(revisions, ...namesOf(change)),
});

const ofMessage: Find = (change, revisions) => ({
  writers: writersOf(revisions, ...namesOf(change)),
  readers: readersOf(revisions, ...namesOf(change)),
});

const ofChannel: Find = (change, revisions) => {
  const messages = messagesOn(revisions, ...namesOf(change));
  return { writers: writersOf(revisions, ...messages), readers: readersOf(revisions, ...messages) };
};

const ofEdge: Find = (change, revisions) => {
  const [from = '', to = ''] = nameIn(change.subject).split('->');
  const feature = change.features[0] ?? '';
  return {
    writers: reached(revisions, [[from, feature, `calls "${to}"`]]),
    readers: reached(revisions, [[to, feature, `is called by "${from}"`]]),
  };
};

const ofPolicy: Find = (change, revisions) => {
  const [name] = namesOf(change);
  const callers = bothModels(revisions).flatMap((model) =>
    model.http
      .filter((edge) => edge.policy?.name === name)
      .map((edge) => [edge.from, edge.feature, `calls "${edge.to}" under policy "${name}"`] as const),
  );
  return { writers: reached(revisions, callers), readers: [] };
};

/** Who runs a saga waits for what its steps do. */
const ofSaga: Find = (change, revisions) => {
  const names = namesOf(change);
  const sagas = (model: Model, name: string): readonly Saga[] => {
    const saga = model.sagas.get(name);
    return saga === undefined ? [] : [saga];
  };
  return {
    writers: each(revisions, names, (model, name) =>
      sagas(model, name).map((saga) => [saga.orchestrator ?? '', saga.feature, `runs saga "${name}"`]),
    ),
    readers: each(revisions, names, (model, name) =>
      sagas(model, name).flatMap((saga) =>
        saga.steps.flatMap((step) => [
          [step.service ?? '', saga.feature, `does step "${step.id}" of saga "${name}"`] as const,
          [step.compensate?.service ?? '', saga.feature, `undoes step "${step.id}" of saga "${name}"`] as const,
        ]),
      ),
    ),
  };
};

const ofJob: Find = (change, revisions) => {
  const names = namesOf(change);
  const published = bothModels(revisions).flatMap((model) =>
    names.flatMap((name) => model.jobs.get(name)?.publishes ?? []),
  );
  return {
    writers: each(revisions, names, (model, name) => {
      const job = model.jobs.get(name);
      return [[job?.service ?? '', job?.feature ?? '', `runs job "${name}"`]];
    }),
    readers: readersOf(revisions, ...published),
  };
};

const ofDependency: Find = (change, revisions) => {
  const [consumer = '', provider = ''] = nameIn(change.subject).split('->');
  const feature = change.features[0] ?? '';
  return {
    writers: reached(revisions, [[provider, feature, `is needed by "${consumer}"`]]),
    readers: reached(revisions, [[consumer, feature, `needs "${provider}"`]]),
  };
};

const ofFlow: Find = (change, revisions) => {
  const name = nameIn(change.subject);
  const hops = bothModels(revisions).flatMap((model) =>
    model.flows
      .filter((flow) => flow.name === name)
      .flatMap((flow) =>
        flow.hops.flatMap(({ from, to }) =>
          [from, to].map((service) => [service, flow.feature, `takes part in flow "${name}"`] as const),
        ),
      ),
  );
  const declared = hops.filter(([service]) => bothModels(revisions).some((model) => model.services.has(service)));
  return { writers: [], readers: reached(revisions, declared) };
};

const ofService: Find = (change, revisions) => {
  const name = nameIn(change.subject);
  const dependents = bothModels(revisions).flatMap((model) =>
    model.edges
      .filter((edge) => edge.kind !== 'flow' && (edge.from === name || edge.to === name))
      .map((edge) => [edge.from === name ? edge.to : edge.from, edge.feature, `works with "${name}"`] as const),
  );
  const own = reached(revisions, [[name, change.features[0] ?? '', 'is the service itself']]);
  return {
    writers: own,
    readers: reached(
      revisions,
      dependents.filter(([service]) => service !== name),
    ),
  };
};

/** Of the side that the change speaks of, the one service; the others go on as before. */
function only(find: Find, side: 'writers' | 'readers'): Find {
  return (change, revisions) => {
    const both = find(change, revisions);
    const [service = ''] = nameIn(change.subject, change.noun).split('/');
    const names = change.kind === 'renamed' ? [service, change.from ?? ''] : [service];
    return { ...both, [side]: both[side].filter((item) => names.includes(item.service)) };
  };
}

const sides: Partial<Readonly<Record<Noun, Find>>> = {
  entity: ofEntity,
  copy: only(ofEntity, 'readers'),
  event: ofEvent,
  consumer: only(ofEvent, 'readers'),
  command: ofCommand,
  sender: only(ofCommand, 'writers'),
  receiver: only(ofCommand, 'readers'),
  message: ofMessage,
  channel: ofChannel,
  edge: ofEdge,
  policy: ofPolicy,
  saga: ofSaga,
  step: ofSaga,
  job: ofJob,
  flow: ofFlow,
  dependency: ofDependency,
  service: ofService,
};

/** What features share is on both sides of itself. */
function everybody(change: Change, revisions: Revisions): Sides {
  const sharers = reached(revisions, sharersOf(revisions, change.features));
  return { writers: sharers, readers: sharers };
}

function each(
  revisions: Revisions,
  names: readonly string[],
  find: (model: Model, name: string) => readonly (readonly [string, string, string])[],
): readonly Affected[] {
  return reached(
    revisions,
    bothModels(revisions).flatMap((model) => names.flatMap((name) => find(model, name))),
  );
}
