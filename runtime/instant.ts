import { UsageError } from './errors.js';

const pattern =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/**
 * Nanoseconds since the Unix epoch of an RFC 3339 instant, or undefined when the text is none.
 *
 * Up to nine digits of fraction count, further ones are cut off: `Date` keeps three, and two changes of a busy row often fall in one millisecond.
 * A leap second (23:59:60 UTC) is read as the first second of the next day, as POSIX time does. Letters may be lower case, and a space may stand for `T`.
 */
export function instantNanoseconds(text: string): bigint | undefined {
  const parts = pattern.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const offset = (parts[8] === '-' ? -1 : 1) * (Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0));
  const minutes = dayNumber(year, month, day) * 1440 + hour * 60 + minute - offset;
  if (second === 60 && ((minutes % 1440) + 1440) % 1440 !== 1439) return undefined;
  const fraction = (parts[7] ?? '').slice(0, 9).padEnd(9, '0');
  return BigInt(minutes * 60 + second) * 1_000_000_000n + BigInt(fraction);
}

/** Whether a text is an RFC 3339 instant that `instantNanoseconds` can read. */
export function isInstant(text: string): boolean {
  // The form that everybody writes needs no arithmetic, unless its day may be one that the month does not have.
  return usual.test(text) || instantNanoseconds(text) !== undefined;
}

const usual = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

/**
 * The RFC 3339 instant in UTC with six digits of fraction, such as `2026-11-20T10:00:00.000001Z`; as text these sort like the instants.
 * `microseconds` counts from the Unix epoch. Throws `UsageError` outside the years 0 to 9999, which RFC 3339 cannot write.
 */
export function formatInstant(microseconds: bigint): string {
  const days = floorDivide(microseconds, 86_400_000_000n);
  const [year, month, day] = calendarDate(Number(days));
  if (year < 0 || year > 9999) throw new UsageError(`${microseconds} µs is outside the years 0 to 9999`);
  const inDay = microseconds - days * 86_400_000_000n;
  const seconds = Number(inDay / 1_000_000n);
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => digits(part, 2))
    .join(':');
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}T${time}.${digits(Number(inDay % 1_000_000n), 6)}Z`;
}

// Calendar arithmetic on years that begin in March: the leap day is then the last day of its year, and months need no table.
const daysPer400Years = 146_097;
const daysFrom0000MarchTo1970 = 719_468;

/** Days since 1970-01-01 of a date of the Gregorian calendar. */
function dayNumber(year: number, month: number, day: number): number {
  const marchYear = month < 3 ? year - 1 : year;
  const cycle = Math.floor(marchYear / 400);
  const yearOfCycle = marchYear - cycle * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfCycle = yearOfCycle * 365 + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100) + dayOfYear;
  return cycle * daysPer400Years + dayOfCycle - daysFrom0000MarchTo1970;
}

/** Year, month, day: the inverse of `dayNumber`. */
function calendarDate(days: number): readonly [number, number, number] {
  const shifted = days + daysFrom0000MarchTo1970;
  const cycle = Math.floor(shifted / daysPer400Years);
  const dayOfCycle = shifted - cycle * daysPer400Years;
  const leapDays = Math.floor(dayOfCycle / 1460) - Math.floor(dayOfCycle / 36_524) + Math.floor(dayOfCycle / 146_096);
  const yearOfCycle = Math.floor((dayOfCycle - leapDays) / 365);
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = ((marchMonth + 2) % 12) + 1;
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return [cycle * 400 + yearOfCycle + (month < 3 ? 1 : 0), month, day];
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0');
}
