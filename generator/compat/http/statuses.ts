import type { Operation } from '../../model/types.js';
import type { Change } from '../change.js';
import type { Called } from './callers.js';

/** `200`, `2XX`. */
export function isSuccess(status: string): boolean {
  return status.startsWith('2');
}

/** The status in the subject of a change of a response, or of a header of it. */
export function statusIn({ subject }: Pick<Change, 'subject'>): string {
  return / response:(\S+)/.exec(subject)?.[1] ?? '';
}

/** Whether a document speaks of the status without naming it: as `2XX` or as `default`. */
export function isCovered(status: string, operation: Operation | undefined): boolean {
  const said = statusesOf(operation);
  return (
    said.includes('default') || (/^\d{3}$/.test(status) && said.some((each) => each.toUpperCase() === `${status[0]}XX`))
  );
}

/** The one new success that took the place of a success that is gone; undefined where there is none, or a choice. */
export function successorOf(status: string, called: Called): string | undefined {
  const [gone, come] = successes(called);
  return gone.length === 1 && come.length === 1 && gone[0] === status ? come[0] : undefined;
}

/** Whether this new success took the place of an old one. */
export function isSuccessor(status: string, called: Called): boolean {
  const [gone, come] = successes(called);
  return gone.length === 1 && come.length === 1 && come[0] === status;
}

function successes({ before, after }: Called): readonly [readonly string[], readonly string[]] {
  const [was, is] = [statusesOf(before).filter(isSuccess), statusesOf(after).filter(isSuccess)];
  return [was.filter((status) => !is.includes(status)), is.filter((status) => !was.includes(status))];
}

function statusesOf(operation: Operation | undefined): readonly string[] {
  return operation?.definition.responses.map(({ status }) => status) ?? [];
}
