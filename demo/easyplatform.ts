import { type Queue, systemClock, type WireMessage } from 'seamwright/runtime';
import { createAccounts } from '#generated/easyplatform/accounts/service.gen.js';
import {
  createTextSnippetPeople,
  type TextSnippetPeopleService,
} from '#generated/easyplatform/text-snippet-people/service.gen.js';
import {
  createTextSnippetSurveys,
  textSnippetSurveysDefinition,
} from '#generated/easyplatform/text-snippet-surveys/service.gen.js';
import { onCandidateChanged } from '../services/easyplatform/text-snippet-people/on-candidate-changed.js';
import { NaiveConsumer } from './naive.js';
import type { Outcome } from './outcome.js';
import { bodyOf, PostOffice, withBody } from './post.js';
import { drained, quiet, type Stage, unlucky } from './stage.js';
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
export async function playEasyPlatform(stage: Stage): Promise<Outcome> {
  chapter('EasyPlatform: surveys keeps copies of employees, people owns them');
  const { letters, truth } = await theDay(stage);
  say(dim('The same messages in the same order, twice:'));
  for (const [index, { label, crash }] of letters.entries())
    say(
      `${String(index + 1).padStart(4)}  ${label}${crash ? bad('  (the consumer dies between commit and acknowledgement)') : ''}`,
    );
  const naive = await naiveAct(stage, letters);
  const generated = await generatedAct(stage, letters);
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
async function theDay(
  stage: Stage,
): Promise<{ readonly letters: readonly Letter[]; readonly truth: ReadonlyMap<string, string> }> {
  const office = new PostOffice(await stage.broker(), { name: 'easyplatform.entity-events', kind: 'topic' });
  await office.open();
  const accounts = createAccounts({ broker: await stage.broker(), store: await stage.store('accounts') });
  const owner = createTextSnippetPeople({
    broker: await stage.broker(),
    store: await stage.store('text-snippet-people'),
    handlers: { onCandidateChanged },
  });
  await accounts.start();
  await owner.start();
  const sent = async (work: () => Promise<void>): Promise<WireMessage> => {
    await work();
    return office.next();
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

async function naiveAct(stage: Stage, letters: readonly Letter[]): Promise<ReadonlyMap<string, string>> {
  chapter('First act: a consumer as one writes it without help');
  const consumer = new NaiveConsumer();
  const client = await stage.broker();
  const broker = unlucky(client, { dies: deaths(letters) });
  const naive: Queue = {
    name: 'seamwright-demo.naive',
    service: 'naive',
    bindings: [],
    deadLetter: 'seamwright-demo.naive.dlq',
    maxDeliveries: 3,
    partitions: 1,
    retries: [{ name: 'seamwright-demo.naive.retry', delayMs: 50 }],
  };
  await client.declare({ exchanges: [], queues: [naive] });
  await drained(client, naive);
  let happened: string[] = [];
  let open = 0;
  const subscription = await broker.subscribe(naive.name, { prefetch: 1 }, async (delivery) => {
    open += 1;
    try {
      const did = await consumer.receive(delivery.message, (ms) => systemClock.sleep(ms));
      happened.push(did ?? 'cannot be read, handed out again');
      await (did === undefined ? delivery.retry(1) : delivery.ack());
    } finally {
      open -= 1;
    }
  });
  for (const { label, message } of letters) {
    happened = [];
    await broker.publish({ exchange: '', key: naive.name }, message);
    await quiet(broker, naive, () => open + (happened.length === 0 ? 1 : 0));
    say(`${label}: ${dim(happened.join('; then again: '))}`);
  }
  await subscription.stop();
  return new Map([...consumer.employees].map(([id, row]) => [id, row.fullName]));
}

async function generatedAct(stage: Stage, letters: readonly Letter[]): Promise<ReadonlyMap<string, string>> {
  chapter('Second act: the generated consumer, nothing written by hand');
  const client = await stage.broker();
  // The day itself has gone by this queue, too, where the broker is a server that knew it before.
  await client.declare(textSnippetSurveysDefinition.topology);
  for (const known of textSnippetSurveysDefinition.topology.queues) await drained(client, known);
  const broker = unlucky(client, { dies: deaths(letters) });
  const surveys = createTextSnippetSurveys({ broker, store: await stage.store('text-snippet-surveys') });
  await surveys.start();
  const copies = async (): Promise<ReadonlyMap<string, string>> =>
    new Map((await surveys.copies.SyncedEmployee.list()).map((row) => [row.id, row.fullName]));
  for (const { label, message } of letters) {
    const before = surveys.metrics();
    await broker.publish({ exchange: '', key: queue }, message);
    await counted(surveys, before);
    await surveys.settled();
    say(`${label}: ${dim(told(before, surveys.metrics()))}`);
  }
  const result = await copies();
  await surveys.stop();
  return result;
}

/** The messages whose consumer dies before it can acknowledge, the first time. */
function deaths(letters: readonly Letter[]): (queue: string, message: WireMessage) => boolean {
  const fatal = new Set(letters.filter((letter) => letter.crash).map((letter) => letter.message.headers['ce-id']));
  return (_, message) => fatal.delete(message.headers['ce-id']);
}

/** Waits until the service has noticed the message: on its way to it a server shows it nowhere. */
async function counted(surveys: ReturnType<typeof createTextSnippetSurveys>, before: Metrics): Promise<void> {
  const total = (metrics: Metrics): number => metrics.reduce((sum, { value }) => sum + value, 0);
  while (total(surveys.metrics()) === total(before)) await new Promise((resolve) => setTimeout(resolve, 2));
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
