import { memoryBroker, systemClock, type WireMessage } from 'seamwright/runtime';
import { createAccounts } from '#generated/easyplatform/accounts/service.gen.js';
import {
  createTextSnippetPeople,
  type TextSnippetPeopleService,
} from '#generated/easyplatform/text-snippet-people/service.gen.js';
import { createTextSnippetSurveys } from '#generated/easyplatform/text-snippet-surveys/service.gen.js';
import { onCandidateChanged } from '../services/easyplatform/text-snippet-people/on-candidate-changed.js';
import { NaiveConsumer } from './naive.js';
import type { Outcome } from './outcome.js';
import { bodyOf, PostOffice, withBody } from './post.js';
import { bad, chapter, dim, good, say, table } from './telling.js';

/** A message of the day with the words that the story has for it. */
interface Letter {
  readonly label: string;
  readonly message: WireMessage;
  /** The consumer dies after it has committed and before it has acknowledged. */
  readonly crash?: boolean;
}

interface Person {
  readonly id: string;
  readonly name: string;
  readonly companyId: string;
}

const queue = 'text-snippet-surveys.entity-events';
const a = '0a000000-0000-4000-8000-00000000000a';
const b = '0b000000-0000-4000-8000-00000000000b';
const people = ['Ada', 'Bo', 'Cy', 'Dee', 'Fay'].map(
  (name, index): Person => ({
    name,
    id: `e${index}000000-0000-4000-8000-000000000000`,
    companyId: name === 'Bo' ? b : a,
  }),
);

/** Employees and their companies: one day of changes, delivered badly, once to a naive copy and once to the generated one. */
export async function playEasyPlatform(): Promise<Outcome> {
  chapter('EasyPlatform: surveys keeps copies of employees, people owns them');
  const { letters, truth } = await theDay();
  say(dim('The same messages in the same order, twice:'));
  for (const [index, { label, crash }] of letters.entries())
    say(
      `${String(index + 1).padStart(4)}  ${label}${crash ? bad('  (the consumer dies between commit and acknowledgement)') : ''}`,
    );
  const naive = await naiveAct(letters);
  const generated = await generatedAct(letters);
  chapter('What the owner says, and what the copies say');
  const rows = people.map(({ id, name }) => [truth.get(id), naive.get(id), generated.get(id), name] as const);
  const shown = (copy: string | undefined, owner: string | undefined): string =>
    copy === owner ? good(copy ?? '(gone)') : bad(copy ?? '(lost)');
  table(
    ['employee', 'owner', 'naive copy', 'generated copy'],
    rows.map(([owner, first, second, name]) => [name, owner ?? '(gone)', shown(first, owner), shown(second, owner)]),
  );
  return {
    naiveWrong: rows.filter(([owner, copy]) => owner !== copy).length,
    generatedWrong: rows.filter(([owner, , copy]) => owner !== copy).length,
    all: rows.length,
  };
}

/** Runs the real owners through the day and catches what they publish. */
async function theDay(): Promise<{ readonly letters: readonly Letter[]; readonly truth: ReadonlyMap<string, string> }> {
  const office = new PostOffice({ name: 'easyplatform.entity-events', kind: 'topic' });
  await office.open();
  const accounts = createAccounts({ broker: office.broker.connect() });
  const owner = createTextSnippetPeople({ broker: office.broker.connect(), handlers: { onCandidateChanged } });
  await accounts.start();
  await owner.start();
  const sent = async (work: () => Promise<void>): Promise<WireMessage> => {
    await work();
    await Promise.all([accounts.settled(), owner.settled()]);
    const [message] = await office.collect();
    if (message === undefined) throw new Error('the owner published nothing');
    return message;
  };
  const company = (id: string, name: string): Promise<WireMessage> =>
    sent(() => accounts.transaction((tx) => tx.Company.created({ id, name, isActive: true, isDeleted: false })));
  const told = (name: string, as = name): Promise<WireMessage> => sent(() => tell(owner, name, as));
  const left = (name: string): Promise<WireMessage> =>
    sent(() => owner.transaction((tx) => tx.Employee.deleted(person(name).id)));

  const companyA = await company(a, 'Analytical Engines');
  const companyB = await company(b, 'Bletchley Works');
  const adaHired = await told('Ada');
  const adaRenamed = await told('Ada', 'Ada Lovelace');
  const boHired = await told('Bo');
  const cyHired = await told('Cy');
  const cyRenamed = await told('Cy', 'Cyrus');
  const cyLeft = await left('Cy');
  const deeHired = await told('Dee');
  const deeOne = await told('Dee', 'Dee One');
  // Our own owner never gives two changes one instant; the older producers beside it, with a clock of milliseconds, do.
  const deeTwo = sameInstant(await told('Dee', 'Dee Two'), deeOne);
  const fayHired = await told('Fay');
  const fayLeft = await left('Fay');
  const fayBack = await told('Fay', 'Fay (hired again)');
  const truth = new Map(
    (await owner.transaction((tx) => tx.Employee.list())).map((employee) => [employee.id, employee.fullName]),
  );
  await owner.stop();
  await accounts.stop();
  return {
    truth,
    letters: [
      { label: 'company Analytical Engines created', message: companyA },
      { label: 'Ada hired', message: adaHired },
      {
        label: `Bo hired at Bletchley Works, ${bad('whose own message is still behind him in the queue')}`,
        message: boHired,
      },
      { label: 'Ada renamed to Ada Lovelace', message: adaRenamed, crash: true },
      { label: bad('a poison message: it breaks the contract'), message: withBody(adaRenamed, '{"crudAction":') },
      { label: 'company Bletchley Works created', message: companyB },
      { label: 'Cy hired', message: cyHired },
      { label: 'Cy left', message: cyLeft },
      { label: `Cy renamed, ${bad('from before he left')}`, message: cyRenamed },
      { label: 'Dee hired', message: deeHired },
      { label: 'Dee renamed to Dee Two', message: deeTwo },
      { label: `Dee renamed to Dee One, ${bad('with the same timestamp, but decided before')}`, message: deeOne },
      { label: 'Fay hired', message: fayHired },
      { label: 'Fay hired again', message: fayBack },
      { label: `Fay left, ${bad('from before she was hired again')}`, message: fayLeft },
      { label: `Ada hired, ${bad('a duplicate of this morning')}`, message: adaHired },
    ],
  };
}

function tell(owner: TextSnippetPeopleService, name: string, fullName: string): Promise<void> {
  const { id, companyId } = person(name);
  return owner.transaction((tx) =>
    tx.Employee.save({
      id,
      fullName,
      email: `${name.toLowerCase()}@example.org`,
      companyId,
      isActive: true,
      isDeleted: false,
    }),
  );
}

function person(name: string): Person {
  const found = people.find((each) => each.name === name);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
}

/** `message` as a producer would have sent it that saw the same millisecond as for `other`. */
function sameInstant(message: WireMessage, other: WireMessage): WireMessage {
  const { createdUtcDate } = bodyOf(other) as { readonly createdUtcDate: string };
  const body = withBody(message, { ...(bodyOf(message) as object), createdUtcDate });
  return { ...body, headers: { ...body.headers, 'ce-time': createdUtcDate, createdUtcDate } };
}

async function naiveAct(letters: readonly Letter[]): Promise<ReadonlyMap<string, string>> {
  chapter('First act: a consumer as one writes it without help');
  const consumer = new NaiveConsumer();
  const broker = memoryBroker({ faults: crashes(letters) });
  await broker.declare({
    exchanges: [],
    queues: [
      { name: queue, service: 'naive', bindings: [], deadLetter: `${queue}.dlq`, maxDeliveries: 3, partitions: 1 },
    ],
  });
  let happened: string[] = [];
  const subscription = await broker.subscribe(queue, { prefetch: 1 }, async (delivery) => {
    const did = await consumer.receive(delivery.message, (ms) => systemClock.sleep(ms));
    happened.push(did ?? 'cannot be read, handed out again');
    await (did === undefined ? delivery.retry(1) : delivery.ack());
  });
  for (const { label, message } of letters) {
    happened = [];
    await broker.publish({ exchange: '', key: queue }, message);
    await broker.idle([queue]);
    say(`${label}: ${dim(happened.join('; then again: '))}`);
  }
  await subscription.stop();
  return new Map([...consumer.employees].map(([id, row]) => [id, row.fullName]));
}

async function generatedAct(letters: readonly Letter[]): Promise<ReadonlyMap<string, string>> {
  chapter('Second act: the generated consumer, nothing written by hand');
  const broker = memoryBroker({ faults: crashes(letters) });
  const surveys = createTextSnippetSurveys({ broker });
  await surveys.start();
  const copies = async (): Promise<ReadonlyMap<string, string>> =>
    new Map((await surveys.copies.SyncedEmployee.list()).map((row) => [row.id, row.fullName]));
  for (const { label, message } of letters) {
    const before = surveys.metrics();
    await broker.publish({ exchange: '', key: queue }, message);
    await surveys.settled();
    say(`${label}: ${dim(told(before, surveys.metrics()))}`);
  }
  const result = await copies();
  await surveys.stop();
  return result;
}

/** Loses the acknowledgement of the messages whose consumer dies, the first time. */
function crashes(letters: readonly Letter[]) {
  const fatal = new Set(letters.filter((letter) => letter.crash).map((letter) => letter.message.headers['ce-id']));
  const died = new Set<string>();
  return {
    settle(_queue: string, message: WireMessage): 'none' | 'lose' {
      const id = message.headers['ce-id'] ?? '';
      if (!fatal.has(id) || died.has(id)) return 'none';
      died.add(id);
      return 'lose';
    },
  };
}

type Metrics = ReturnType<ReturnType<typeof createTextSnippetSurveys>['metrics']>;

const words: Readonly<Record<string, string>> = {
  applied: 'applied',
  duplicate: 'seen before, nothing done',
  stale: 'older than what is known, nothing done',
};

/** What the service counted for this message, in words. */
function told(before: Metrics, after: Metrics): string {
  const identity = ({ name, attributes }: Metrics[number]): string => `${name} ${JSON.stringify(attributes)}`;
  const counted = new Map(before.map((metric) => [identity(metric), metric.value]));
  const grown = after.filter((metric) => metric.value > (counted.get(identity(metric)) ?? 0));
  const has = (name: string): boolean => grown.some((metric) => metric.name === name);
  const [first = '', ...more] = grown
    .filter(({ name }) => name === 'seamwright.guard.decisions')
    .map(({ attributes }) => words[String(attributes.outcome)] ?? String(attributes.outcome));
  if (has('seamwright.dlq.messages')) return 'cannot be read, kept among the dead letters';
  if (has('seamwright.parked.messages')) return 'waits in the store for its company, the queue goes on';
  if (has('seamwright.parked.released')) return `${first}, and wakes the one who waited: ${more.join(', ')}`;
  return [first, ...more].join('; then again: ');
}
