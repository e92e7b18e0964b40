import type { SagaPlan } from '../../saga/plan.js';
import type { SagaRun, SagaStatus } from '../../saga/run.js';
import type { SagaJournalEntry, SagaRecord, SagaRows, SagaStart } from '../saga-rows.js';
import type { SqlClient, SqlRow } from './client.js';
import { key, type SqlTable } from './table.js';

const open = "status in ('running', 'stuck')";

export const sagaTables: readonly SqlTable[] = [
  {
    name: 'sw_saga',
    columns: [
      key('saga'),
      key('id'),
      key('plan'),
      { name: 'status', type: 'text', more: 'not null' },
      { name: 'state', type: 'text', more: 'not null' },
      { name: 'version', type: 'bigint', more: 'not null' },
      // `jsonb` refuses some texts that JSON allows.
      { name: 'start', type: 'json', more: 'not null' },
      { name: 'run', type: 'json', more: 'not null' },
      { name: 'started_at', type: 'double precision', more: 'not null' },
      { name: 'updated_at', type: 'double precision', more: 'not null' },
      { name: 'deadline_at', type: 'double precision' },
      { name: 'due_at', type: 'double precision' },
      { name: 'taken', type: 'boolean', more: 'not null' },
    ],
    primaryKey: ['saga', 'id'],
    indexes: [
      { name: 'sw_saga_due', on: '(due_at) where due_at is not null' },
      { name: 'sw_saga_open', on: `(status, saga, id) where ${open}` },
      { name: 'sw_saga_ended', on: `(updated_at) where not (${open})` },
    ],
  },
  {
    name: 'sw_saga_journal',
    columns: [
      key('saga'),
      key('id'),
      { name: 'version', type: 'bigint', more: 'not null' },
      { name: 'at', type: 'double precision', more: 'not null' },
      { name: 'event', type: 'text', more: 'not null' },
      { name: 'step', type: 'text' },
      { name: 'effect', type: 'text', more: 'not null' },
      { name: 'state', type: 'text', more: 'not null' },
      { name: 'reason', type: 'text' },
      { name: 'by', type: 'text' },
    ],
    primaryKey: ['saga', 'id', 'version'],
  },
  {
    name: 'sw_saga_plan',
    columns: [key('saga'), key('version'), { name: 'plan', type: 'json', more: 'not null' }],
    primaryKey: ['saga', 'version'],
  },
];

const columns = [
  'saga',
  'id',
  'plan',
  'status',
  'state',
  'version',
  'start',
  'run',
  'started_at',
  'updated_at',
  'deadline_at',
  'due_at',
  'taken',
] as const;
const all = columns.join(', ');

export function sagaRows(client: SqlClient): SagaRows {
  const saga = `${client.schema}.sw_saga`;
  const journal = `${client.schema}.sw_saga_journal`;
  const plans = `${client.schema}.sw_saga_plan`;
  const entryColumns = 'saga, id, version, at, event, step, effect, state, reason, by';

  return {
    async begin(record, entry) {
      const { start, run, startedAt, updatedAt, deadlineAt, dueAt, taken } = record;
      const begun = await client.query(
        `with begun as (
  insert into ${saga} (${all})
  values ($1::text, $2::text, $3::text, $4::text, $5::text, 1, $6::json, $7::json, $8::double precision,
    $9::double precision, $10::double precision, $11::double precision, $12::boolean)
  on conflict (saga, id) do nothing returning version
)
insert into ${journal} (${entryColumns})
select $1::text, $2::text, version, $13::double precision, $14::text, $15::text, $16::text, $5::text, $17::text, $18::text from begun
returning version`,
        [
          ...[record.saga, record.id, record.plan, record.status, run.state],
          ...[JSON.stringify(start), JSON.stringify(run), startedAt, updatedAt, deadlineAt ?? null, dueAt ?? null],
          ...[taken, ...entryValues(entry)],
        ],
      );
      return begun.length > 0;
    },

    async find(name, id, { lock = false } = {}) {
      const [row] = await client.query(
        `select ${all} from ${saga} where saga = $1::text and id = $2::text${lock ? ' for update' : ''}`,
        [name, id],
      );
      return row === undefined ? null : recordOf(row);
    },

    async move({ saga: name, id, run, status, updatedAt, dueAt, taken }, version, entry) {
      const moved = await client.query(
        `with moved as (
  update ${saga} set status = $4::text, state = $5::text, version = version + 1, run = $6::json, updated_at = $7::double precision,
    due_at = $8::double precision, taken = $9::boolean
  where saga = $1::text and id = $2::text and version = $3::bigint returning version
)
insert into ${journal} (${entryColumns})
select $1::text, $2::text, version, $10::double precision, $11::text, $12::text, $13::text, $5::text, $14::text, $15::text from moved
returning version`,
        [
          ...[name, id, version, status, run.state, JSON.stringify(run), updatedAt, dueAt ?? null, taken],
          ...entryValues(entry),
        ],
      );
      return moved.length > 0;
    },

    async takeDue({ nowMs, untilMs, limit }) {
      const rows = await client.query(
        `with due as materialized (
  select saga, id, taken from ${saga} where due_at <= $1::double precision order by due_at limit $3::bigint for update skip locked
)
update ${saga} as run set due_at = $2::double precision, taken = true from due
where run.saga = due.saga and run.id = due.id
returning ${columns.map((name) => `run.${name}`).join(', ')}, due.taken as abandoned`,
        [nowMs, untilMs, limit],
      );
      return rows.map((row) => ({ ...recordOf(row), abandoned: row.abandoned === true }));
    },

    async giveBack({ saga: name, id, version }, dueAt) {
      await client.query(
        `update ${saga} set due_at = $4::double precision, taken = false
where saga = $1::text and id = $2::text and version = $3::bigint and taken`,
        [name, id, version, dueAt],
      );
    },

    async nextDueAt() {
      const [row] = await client.query(`select due_at from ${saga} where due_at is not null order by due_at limit 1`);
      return row === undefined ? undefined : Number(row.due_at);
    },

    async busy(nowMs) {
      const [row] = await client.query(
        `select count(*)::text as count from ${saga} where due_at is not null and (taken or due_at <= $1::double precision)`,
        [nowMs],
      );
      return Number(row?.count ?? 0);
    },

    async list({ saga: name, status, after, limit }) {
      const rows = await client.query(
        `select ${all} from ${saga}
where ($1::text is null or saga = $1::text) and ($2::text is null or status = $2::text)
  and ($3::text is null or (saga, id) > ($3::text collate "C", $4::text collate "C"))
order by saga, id limit $5::bigint`,
        [name ?? null, status ?? null, after?.saga ?? null, after?.id ?? null, limit],
      );
      return rows.map(recordOf);
    },

    async journal(name, id) {
      const rows = await client.query(
        `select ${entryColumns} from ${journal} where saga = $1::text and id = $2::text order by version`,
        [name, id],
      );
      return rows.map(entryOf);
    },

    async counts() {
      const rows = await client.query(
        `select saga, status, count(*)::text as count from ${saga} where ${open} group by saga, status order by saga, status`,
      );
      return rows.map((row) => ({
        saga: String(row.saga),
        status: row.status === 'stuck' ? ('stuck' as const) : ('running' as const),
        count: Number(row.count),
      }));
    },

    async keepPlan(plan) {
      await client.query(
        `insert into ${plans} (saga, version, plan) values ($1::text, $2::text, $3::json) on conflict do nothing`,
        [plan.name, plan.version, JSON.stringify(plan)],
      );
    },

    async plan(name, version) {
      const [row] = await client.query(`select plan from ${plans} where saga = $1::text and version = $2::text`, [
        name,
        version,
      ]);
      return row === undefined ? null : (row.plan as SagaPlan);
    },

    async purge(endedBefore, limit) {
      const gone = await client.query(
        `with ended as materialized (
  select saga, id from ${saga} where not (${open}) and updated_at < $1::double precision limit $2::bigint for update skip locked
), forgotten as (
  delete from ${journal} as entry using ended where entry.saga = ended.saga and entry.id = ended.id
)
delete from ${saga} as run using ended where run.saga = ended.saga and run.id = ended.id returning run.id`,
        [endedBefore, limit],
      );
      return gone.length;
    },
  };
}

function entryValues({ at, event, step, effect, reason, by }: Omit<SagaJournalEntry, 'version'>): readonly unknown[] {
  return [at, event, step ?? null, effect, reason ?? null, by ?? null];
}

function recordOf(row: SqlRow): SagaRecord {
  return {
    saga: String(row.saga),
    id: String(row.id),
    plan: String(row.plan),
    start: row.start as SagaStart,
    run: row.run as SagaRun,
    status: row.status as SagaStatus,
    version: Number(row.version),
    startedAt: Number(row.started_at),
    updatedAt: Number(row.updated_at),
    ...(row.deadline_at !== null && { deadlineAt: Number(row.deadline_at) }),
    ...(row.due_at !== null && { dueAt: Number(row.due_at) }),
    taken: row.taken === true,
  };
}

function entryOf(row: SqlRow): SagaJournalEntry {
  return {
    version: Number(row.version),
    at: Number(row.at),
    event: String(row.event),
    ...(row.step !== null && { step: String(row.step) }),
    effect: row.effect as SagaJournalEntry['effect'],
    state: String(row.state),
    ...(row.reason !== null && { reason: String(row.reason) }),
    ...(row.by !== null && { by: String(row.by) }),
  };
}
