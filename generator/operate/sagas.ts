import { UsageError } from '../../runtime/errors.js';
import { askForRun } from '../../runtime/saga/operator.js';
import type { SagaStatus, SagaWish } from '../../runtime/saga/run.js';
import type { SagaJournalEntry, SagaRecord } from '../../runtime/stores/saga-rows.js';
import { type RunningService, type RunningSystem, serviceNamed } from './system.js';

/** A run of a saga, in the database of the service that leads it. */
export interface FoundRun {
  readonly service: string;
  readonly record: SagaRecord;
}

/** What to look for; everything given must hold. */
export interface RunFilter {
  readonly service?: string;
  readonly saga?: string;
  readonly status?: SagaStatus;
}

/** Runs of all services that take part in sagas, by service, saga and id; `more` when there are further ones. */
export async function listRuns(
  system: RunningSystem,
  { service, saga, status }: RunFilter,
  limit: number,
): Promise<{ readonly found: readonly FoundRun[]; readonly more: boolean }> {
  const found: FoundRun[] = [];
  for (const one of servicesWithSagas(system, service)) {
    const wanted = { ...(saga !== undefined && { saga }), ...(status !== undefined && { status }) };
    const records = await one.read((tx) => tx.sagas.list({ ...wanted, limit: limit + 1 - found.length }));
    found.push(...records.map((record) => ({ service: one.name, record })));
    if (found.length > limit) break;
  }
  return { found: found.slice(0, limit), more: found.length > limit };
}

/** The one run of an id, with all that happened to it. Rejects with `UsageError` when there is none, or more than one. */
export async function showRun(
  system: RunningSystem,
  filter: RunFilter,
  id: string,
): Promise<FoundRun & { readonly journal: readonly SagaJournalEntry[] }> {
  const { service, record } = await runNamed(system, filter, id);
  const journal = await serviceNamed(system, service).read((tx) => tx.sagas.journal(record.saga, id));
  return { service, record, journal };
}

/** Tells the service of a run that is stuck what is to become of it. */
export async function settleRun(
  system: RunningSystem,
  filter: RunFilter,
  id: string,
  wish: SagaWish,
): Promise<FoundRun> {
  const { service, record } = await runNamed(system, filter, id);
  const nowMs = system.clock.now();
  const asked = await serviceNamed(system, service).read((tx) => askForRun(tx, record, wish, nowMs));
  return { service, record: asked };
}

async function runNamed(system: RunningSystem, { service, saga }: RunFilter, id: string): Promise<FoundRun> {
  const found: FoundRun[] = [];
  for (const one of servicesWithSagas(system, service)) {
    for (const name of saga === undefined ? sagasOf(system) : [saga]) {
      const record = await one.read((tx) => tx.sagas.find(name, id));
      if (record !== null) found.push({ service: one.name, record });
    }
  }
  const [first, second] = found;
  if (first === undefined) throw new UsageError(`there is no run "${id}"`);
  if (second === undefined) return first;
  const which = found.map((run) => `--service ${run.service} --saga ${run.record.saga}`).join(', ');
  throw new UsageError(`"${id}" is the id of several runs: say which one with one of ${which}`);
}

/** Each part of a saga without a leader is a saga of its service's own, called `<saga>/<step>`. */
function sagasOf({ model }: RunningSystem): readonly string[] {
  return [...model.sagas.values()].flatMap(({ name, steps }) => [name, ...steps.map(({ id }) => `${name}/${id}`)]);
}

function servicesWithSagas(system: RunningSystem, name: string | undefined): readonly RunningService[] {
  if (name !== undefined) return [serviceNamed(system, name)];
  const sagas = [...system.model.sagas.values()];
  const names = new Set(
    sagas.flatMap(({ style, orchestrator, steps }) =>
      style === 'orchestration' ? [orchestrator] : steps.map(({ service }) => service),
    ),
  );
  if (sagas.length === 0) throw new UsageError(`the contracts of ${system.model.system} name no saga`);
  return system.services.filter((one) => names.has(one.name));
}
