import { isDeepStrictEqual } from 'node:util';
import { compareVersions } from '../../runtime/guard.js';
import type { EndState, Run } from '../history.js';
import type { Invariant, Violation } from './invariant.js';
import { consumersIn } from './messages.js';
import { rowsOwned } from './owned-payload.js';
import { copyPlace } from './places.js';
import { type Told, toldTo } from './told.js';

/** After everything has come to rest, each copy is what its owner told last. */
export const converged: Invariant = {
  id: 'converged',
  promise: 'Once everything has come to rest, each copy holds what its owner told last.',
  *check(run, subject) {
    for (const { service, consumers } of consumersIn(run, subject)) {
      const end = run.end.services.get(service);
      for (const consumer of consumers) {
        if (consumer.kind !== 'copy') continue;
        const { as: name, definition: copy } = consumer;
        for (const [id, told] of toldTo(run, copy)) {
          const seen = end?.copies.find((one) => one.name === name && one.id === id);
          const open = unsettled(run.end, service, id);
          const newest = newestOf(told, open);
          // Nothing that counts has come: what is there is somebody else's business.
          if (newest === undefined) continue;
          const row = seen === undefined || seen.row.deleted ? null : (seen.row.fields ?? null);
          // A full sync brings what nobody was told.
          const ahead = seen !== undefined && compareVersions(seen.row.version, newest.version) > 0;
          if (ahead && rowsOwned(run, subject, copy, id, newest.position).some((one) => sameRow(one, row))) continue;
          const expected = newest;
          if (sameRow(expected.row, row)) continue;
          if (overtaken(told, open, expected) && isOneOf(told, row)) continue;
          yield {
            invariant: this.id,
            sentence: sentenceOf(copy.entity, expected, row),
            service,
            ...copyPlace(subject, service, copy.entity),
            ...(lastTouch(run, service, copy.table.name, id) ?? {}),
            expected: expected.row,
            actual: row,
          };
        }
      }
    }
  },
};

/** Messages that did not get through on purpose: dead letters and what still waits. They may count or not. */
function unsettled(end: EndState, service: string, id: string): ReadonlySet<string> {
  const dead = end.deadLetters.filter((letter) => letter.service === service).map(({ messageId }) => messageId ?? '');
  const parked = (end.services.get(service)?.parked ?? []).filter((one) => one.id === id).map((one) => one.messageId);
  return new Set([...dead, ...parked]);
}

function newestOf(told: readonly Told[], open: ReadonlySet<string>): Told | undefined {
  return told.filter(({ messageId }) => !open.has(messageId)).at(-1);
}

/** A newer message did not get through on purpose, such as one that still waits: it may have taken the place of this one before it was applied. */
function overtaken(told: readonly Told[], open: ReadonlySet<string>, { version }: Told): boolean {
  return told.some((other) => open.has(other.messageId) && compareVersions(other.version, version) > 0);
}

function isOneOf(told: readonly Told[], row: Readonly<Record<string, unknown>> | null): boolean {
  return row === null || told.some((one) => isDeepStrictEqual(plain(one.row), plain(row)));
}

/** Rows leave out what is absent; a store may give null for it. */
export function sameRow(
  left: Readonly<Record<string, unknown>> | null,
  right: Readonly<Record<string, unknown>> | null,
): boolean {
  return isDeepStrictEqual(plain(left), plain(right));
}

function plain(row: Readonly<Record<string, unknown>> | null): unknown {
  if (row === null) return null;
  return Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== undefined && value !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function sentenceOf(entity: string, expected: Told, row: unknown): string {
  if (expected.row === null && row !== null) return `A deleted ${entity} came back.`;
  if (expected.row !== null && row === null) return `A copy of ${entity} is missing.`;
  return `A copy of ${entity} is not what its owner told last.`;
}

function lastTouch(run: Run, service: string, table: string, id: string): Pick<Violation, 'at'> | undefined {
  const at = run.happenings.findLast(
    (one) => one.kind === 'copied' && one.service === service && one.table === table && one.id === id,
  );
  return at && { at };
}
