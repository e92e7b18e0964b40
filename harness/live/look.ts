import { UsageError } from '../../runtime/errors.js';
import type { Version } from '../../runtime/guard.js';
import type { Store } from '../../runtime/stores/store.js';
import type { CopySeen, DeadLetterSeen, EndState, ParkedSeen, Run, Seen, ServiceEnd } from '../history.js';
import { type Told, toldTo } from '../invariants/told.js';
import { stepOf } from '../plan.js';
import { type LiveWorld, queuesIn } from './live-world.js';

/** What can be seen from outside at one moment. */
export interface Look {
  readonly end: EndState;
  /** What handlers have done, as far as the service keeps note of it. */
  readonly handled: readonly Extract<Seen, { kind: 'handled' }>[];
}

/** Looks at queues, dead letters and copies, as far as they are about what `run` has told. */
export async function look(world: LiveWorld, run: Pick<Run, 'happenings'>): Promise<Look> {
  const { subject, cast, broker } = world;
  const services = new Map<string, ServiceEnd>();
  const queues = new Map<string, { readonly ready: number; readonly inFlight: number; readonly delayed: number }>();
  const deadLetters: DeadLetterSeen[] = [];
  const told = new Set(run.happenings.flatMap((one) => (one.kind === 'published' ? [one.messageId] : [])));
  const asked = [subject.name, ...cast.followers].flatMap((service) =>
    queuesIn(subject, service).map((queue) => ({ service, queue })),
  );
  for (const { service, queue } of asked) {
    const { ready = 0, inFlight = 0, delayed = 0 } = (await broker.admin.depth(queue)) ?? {};
    queues.set(queue.name, { ready, inFlight, delayed });
    for (const { headers, body } of await broker.admin.deadLetters(queue, { limit: 1_000 })) {
      const messageId = headers['ce-id'];
      if (!told.has(messageId ?? '')) continue;
      const step = stepOf(headers['ce-correlationid']);
      deadLetters.push({ queue: queue.name, service, messageId, step, headers, body: new TextDecoder().decode(body) });
    }
  }
  for (const service of cast.followers)
    services.set(service, (await inStore(world, service, cast.storeOf(service), run, told)).end);
  const { end, handled } = world.hasStore
    ? await inStore(world, subject.name, cast.storeOf(subject.name), run, told)
    : await atProbe(world, run, told);
  services.set(subject.name, end);
  return { end: { services, queues, deadLetters }, handled };
}

interface OneLook {
  readonly end: ServiceEnd;
  readonly handled: Look['handled'];
}

async function inStore(
  { subject }: LiveWorld,
  service: string,
  store: Store,
  run: Pick<Run, 'happenings'>,
  told: ReadonlySet<string>,
): Promise<OneLook> {
  const definition = subject.services.get(service)?.definition;
  return store.transaction(async (tx) => {
    const copies: CopySeen[] = [];
    for (const [name, copy] of Object.entries(definition?.copies ?? {})) {
      for (const id of toldTo(run as Run, copy).keys()) {
        const stored = await tx.replicaVersion(copy.table, id);
        if (stored === undefined) continue;
        const fields = stored.deleted ? null : await tx.getReplica(copy.table, id);
        const row = { version: stored.version, deleted: stored.deleted, ...(fields !== null && { fields }) };
        copies.push({ name, entity: copy.entity, id, row });
      }
    }
    const parked = (await tx.listParked({ limit: 1_000 })).filter(({ messageId }) => told.has(messageId));
    const handled: Extract<Seen, { kind: 'handled' }>[] = [];
    for (const effect of definition?.effects ?? []) {
      for (const one of run.happenings) {
        if (one.kind !== 'published' || one.envelope?.type !== effect.message.name) continue;
        if (!effect.message.validate(one.envelope.data)) continue;
        const key = effect.idempotencyKey?.(one.envelope.data) ?? one.envelope.id;
        if (await tx.claimed(effect.name, key))
          handled.push({ kind: 'handled', consumer: effect.name, messageId: one.messageId, attempt: 1 });
        if (await tx.claimed(`${effect.name}#ran`, `${one.messageId}#2`))
          handled.push({ kind: 'handled', consumer: effect.name, messageId: one.messageId, attempt: 2 });
      }
    }
    const end: ServiceEnd = {
      copies,
      parked: parked.map(({ consumer, messageId, entity, entityId: id, dependency }) => ({
        ...{ consumer, messageId, entity, id },
        waitsFor: dependency,
      })),
      outbox: (await tx.outboxBacklog()).count,
      metrics: new Map(),
    };
    return { end, handled };
  });
}

type Mapping = Readonly<Record<string, unknown>>;

/** What the service says of itself at the address that services.yaml names: `copies` by entity, `parked`, `handled`, `outbox`. */
async function atProbe(world: LiveWorld, run: Pick<Run, 'happenings'>, told: ReadonlySet<string>): Promise<OneLook> {
  const { subject, settings, url } = world;
  const path = settings.probe.state;
  if (path === undefined)
    throw new UsageError(
      `"${subject.name}" keeps its data where nobody else can look: name "probe: { state }" in its services.yaml`,
    );
  const reply = await fetch(url + path, { signal: AbortSignal.timeout(10_000) });
  if (!reply.ok) throw new Error(`${path} answers ${reply.status}`);
  const said = mapping(await reply.json());
  const byEntity = mapping(said.copies);
  const copies = Object.entries(subject.code.definition.copies).flatMap(([name, copy]) => {
    const rows = new Map(listed(byEntity[copy.entity]).map((row) => [String(row.id ?? ''), rowSaid(row)]));
    return [...toldTo(run as Run, copy)].flatMap(([id, told]): readonly CopySeen[] => {
      const row = rows.get(id) ?? goneSince(told);
      return row === undefined ? [] : [{ name, entity: copy.entity, id, row }];
    });
  });
  const parked = listed(said.parked).flatMap((one): readonly ParkedSeen[] => {
    const waitsFor = mapping(one.waitsFor);
    const seen = {
      consumer: String(one.consumer),
      messageId: String(one.messageId),
      entity: String(one.entity),
      id: String(one.id),
    };
    return told.has(seen.messageId)
      ? [{ ...seen, waitsFor: { entity: String(waitsFor.entity), id: String(waitsFor.id) } }]
      : [];
  });
  const handled = listed(said.handled).map((one) => ({
    ...{ kind: 'handled' as const, consumer: String(one.consumer), messageId: String(one.messageId), attempt: 1 },
  }));
  return { end: { copies, parked, outbox: Number(said.outbox ?? 0), metrics: new Map() }, handled };
}

/** What is deleted need not be shown: how a service remembers the deletion is its own affair, as long as it does. */
function goneSince(told: readonly Told[]): CopySeen['row'] | undefined {
  const newest = told.at(-1);
  return newest?.row === null ? { version: newest.version, deleted: true } : undefined;
}

function rowSaid({ version, deleted, fields }: Mapping): CopySeen['row'] {
  const gone = deleted === true;
  return { version: versionSaid(version), deleted: gone, ...(!gone && { fields: mapping(fields) }) };
}

/** A sequence alone, or all three parts. */
function versionSaid(version: unknown): Version {
  const { epoch = 0, sequence = version, tie = '' } = mapping(version);
  const text = String(sequence ?? '');
  return { epoch: Number(epoch), sequence: /^\d+$/.test(text) ? BigInt(text) : 0n, tie: String(tie) };
}

function listed(value: unknown): readonly Mapping[] {
  return Array.isArray(value) ? value.map(mapping) : [];
}

function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
}
