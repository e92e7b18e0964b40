import type { Run } from '../history.js';
import type { ServiceCode } from '../subject.js';
import type { World } from '../world/world.js';

type Rows = readonly Readonly<Record<string, unknown>>[];

/**
 * What expectations of a flow speak of: `<service>.<Name>` is a list. Services have their name with its last part alone, too: `people` is
 * `text-snippet-people`, `textSnippetPeople` its whole name. `<Name>` is, in this order, what the user's `tables` give; an entity that the service owns and tells
 * of; the copies that it keeps and that are not deleted; else a table of that name in the plural, its columns in camel case.
 */
export async function scopeAfter(
  world: World,
  run: Run,
  names: ReadonlySet<string>,
): Promise<Readonly<Record<string, unknown>>> {
  const scope: Record<string, Readonly<Record<string, Rows>>> = {};
  for (const [name, code] of world.subject.services) {
    if (!world.sites.has(name)) continue;
    const lists: Record<string, Rows> = {};
    for (const list of names) {
      const rows =
        (await tableOf(world, code, list)) ??
        ownedIn(run, code, list) ??
        copiesIn(run, code, list) ??
        (await sqlRows(world, name, list));
      if (rows !== undefined) lists[list] = rows;
    }
    scope[camel(name)] = lists;
    const short = name.split('-').at(-1) ?? name;
    // Two services that end alike are told apart by their whole names.
    if ([...world.subject.services.keys()].filter((other) => other.split('-').at(-1) === short).length === 1)
      scope[short] = lists;
  }
  return scope;
}

async function tableOf(world: World, { name, tables }: ServiceCode, list: string): Promise<Rows | undefined> {
  const read = tables?.[list];
  const service = world.sites.get(name)?.service;
  if (read === undefined || service === undefined) return undefined;
  const rows = await service.transaction((tx) => read(tx));
  return rows.map((row) => plain(row as Readonly<Record<string, unknown>>));
}

function ownedIn(run: Run, { name, definition }: ServiceCode, entity: string): Rows | undefined {
  const owned = definition.owned[entity];
  if (owned === undefined) return undefined;
  const states = new Map<string, Readonly<Record<string, unknown>>>();
  for (const one of run.happenings) {
    if (one.kind !== 'owned' || one.service !== name || one.entity !== entity) continue;
    const state = { ...states.get(one.id), ...(one.state as object | null) };
    if (!one.deleted) states.set(one.id, state);
    else if (owned.softDelete !== undefined) states.set(one.id, { ...state, [owned.softDelete.field]: true });
    else states.delete(one.id);
  }
  return [...states.values()];
}

function copiesIn(run: Run, { name, definition }: ServiceCode, copy: string): Rows | undefined {
  if (definition.copies[copy] === undefined) return undefined;
  const copies = run.end.services.get(name)?.copies ?? [];
  return copies
    .filter((one) => one.name === copy && !one.row.deleted)
    .map(({ id, row }) => ({ id, isDeleted: false, ...row.fields }));
}

async function sqlRows(world: World, name: string, list: string): Promise<Rows | undefined> {
  const service = world.sites.get(name)?.service;
  if (typeof service?.transaction !== 'function') return undefined;
  const snake = list.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  const plural = /[^aeiou]y$/.test(snake) ? `${snake.slice(0, -1)}ies` : `${snake}s`;
  const wanted = [plural, snake];
  const rows = await service.transaction(async (tx) => {
    const [found] = await tx.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables
       where schemaname = current_schema() and tablename = any($1) order by tablename = $2 desc limit 1`,
      [wanted, plural],
    );
    return found === undefined ? undefined : tx.query<Record<string, unknown>>(`select * from ${found.name}`);
  });
  return rows?.map(plain);
}

/** Values as JSON has them; drivers give large integers as text and instants as dates. */
function plain(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name, '_'), jsonOf(value)]));
}

function jsonOf(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  return value;
}

function camel(name: string, separator: '-' | '_' = '-'): string {
  return name.replace(new RegExp(`${separator}([a-zA-Z0-9])`, 'g'), (_, letter: string) => letter.toUpperCase());
}
