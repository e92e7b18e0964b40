import type { SchemaChange } from '../change.js';
import type { Affected, Counterexample } from '../judgement.js';
import type { Effect } from './analysis.js';
import type { Meaning } from './meaning.js';
import type { SchemaRuleId } from './rule-id.js';

/** What a judgement tells of. */
export interface Told {
  readonly change: SchemaChange;
  readonly effect: Effect;
  readonly rule: SchemaRuleId;
  readonly meaning: Meaning;
  readonly used: readonly Affected[];
  readonly counterexample: Counterexample | undefined;
}

/** The schema concerned, as people call it: `message "EmployeeChanged"`, `response 200 of "accounts.getUser"`. */
export function placeOf({ subject, use }: SchemaChange): string {
  const [kind = '', name = subject] = splitOnce(subject.split(' ')[0] ?? subject, ':');
  const whole = `${kind} "${name}"`;
  switch (use.part) {
    case 'headers':
      return `headers of ${whole}`;
    case 'parameter':
      return `${use.place ?? ''} parameter "${use.name ?? ''}" of "${name}"`.trim();
    case 'header':
      return `header "${use.name ?? ''}" of response ${use.status ?? ''} of "${name}"`;
    case 'body':
      return use.direction === 'response' ? `response ${use.status ?? ''} of "${name}"` : `request of "${name}"`;
    default:
      return whole;
  }
}

/** The fact, then whom it stops. */
export function messageFor(told: Told): string {
  const { change, counterexample, meaning, used } = told;
  const fact = factOf(told);
  if (used.length > 0)
    return `${fact}, and ${used.map(({ service, why }) => `"${service}" relies on it: ${why}`).join('; ')}.`;
  if (counterexample === undefined) return `${fact}${harmless(told)}.`;
  const { refusedAt, refusal } = counterexample;
  const place = refusedAt === '' ? '' : `${refusedAt} `;
  const who =
    meaning.told === 'forward'
      ? `${readerName(change)}, as it was, refuses it`
      : `what ${writerName(change)} sent before is refused`;
  return `${fact}; ${who}: ${place}${refusal}.`;
}

function harmless({ rule, effect }: Told): string {
  if (rule === 'property-renamed') return ', so whoever reads the old name finds nothing';
  if (rule === 'default-changed') return ', so whoever leaves it out means something else';
  if (effect.difference?.expected && rule === 'enum-value-added') return ', which readers must expect there';
  return '';
}

/** One sentence without its full stop: what is different, and where. */
export function factOf({ change, effect }: Told): string {
  const { difference } = effect;
  const place = placeOf(change);
  if (difference === undefined) return `${place} changed as a whole`;
  const { what = '', was, is } = difference;
  const at = spot(difference.instance);
  const inPlace = at === '' ? place : `"${at}" in ${place}`;
  const from = was === undefined ? '' : ` from ${was}`;
  const to = is === undefined ? ' to no limit' : ` to ${is}`;
  switch (difference.kind) {
    case 'property-added':
      return `${place} gains the ${is === 'required' ? 'required' : 'optional'} property "${at}"`;
    case 'property-removed':
      return `${place} loses the ${was === 'required' ? 'required' : 'optional'} property "${at}"`;
    case 'property-renamed':
      return `${place} calls "${at}" now "${is ?? ''}"`;
    case 'required-added':
      return `${inPlace} is required now`;
    case 'required-removed':
      return `${inPlace} is no longer required`;
    case 'nullable-added':
      return `${inPlace} may be null now`;
    case 'nullable-removed':
      return `${inPlace} may no longer be null`;
    case 'enum-value-added':
      return `${inPlace} gains ${values(what)}`;
    case 'enum-value-removed':
      return `${inPlace} loses ${values(what)}`;
    case 'enum-closed':
      return `${inPlace} is limited to ${is ?? 'some values'}`;
    case 'enum-opened':
      return `${inPlace} is no longer limited to ${was ?? 'some values'}`;
    case 'alternative-added':
      return `${inPlace} gains the alternative ${what}`;
    case 'alternative-removed':
      return `${inPlace} loses the alternative ${what}`;
    case 'default':
      return `the default of ${inPlace} changes from ${was ?? 'none'} to ${is ?? 'none'}`;
    case 'schema':
      return what === '' ? `${inPlace} changed` : `what "${what}" says of ${inPlace} changed`;
    default:
      return was === undefined && is === undefined
        ? `${inPlace}: what ${LIMITED[difference.kind] ?? 'is allowed'} changed`
        : was === undefined
          ? `${inPlace} is now limited: ${is}`
          : `${inPlace} changes${from}${to}`;
  }
}

const LIMITED: Readonly<Record<string, string>> = {
  items: 'its items may be',
  'additional-properties': 'may stand beside its named properties',
};

function values(what: string): string {
  return `the value${what.includes(', ') ? 's' : ''} ${what}`;
}

/** Steps as people write them: `lines[].price`. */
function spot(instance: readonly string[]): string {
  return instance.reduce((text, step) => (step === '*' ? `${text}[]` : text === '' ? step : `${text}.${step}`), '');
}

function readerName({ use }: SchemaChange): string {
  if (use.readers.length > 0) return use.readers.map((name) => `"${name}"`).join(', ');
  return use.direction === 'response' ? 'a client' : use.direction === 'request' ? 'the server' : 'a consumer';
}

function writerName({ use }: SchemaChange): string {
  if (use.writers.length > 0) return use.writers.map((name) => `"${name}"`).join(', ');
  return use.direction === 'request' ? 'a client' : use.direction === 'response' ? 'the server' : 'its sender';
}

/** The next step, by the order in which the two sides can be shipped. */
export function fixFor({ change, effect, rule, meaning, used }: Told): string {
  const old = effect.difference?.was ?? effect.difference?.what ?? '';
  if (used.length > 0) return `let ${used.map(({ service }) => `"${service}"`).join(', ')} do without it first.`;
  if (rule === 'property-renamed') return `keep "${old}" beside the new name until nobody reads it.`;
  if (rule === 'default-changed') return 'tell those who leave it out, or write the value where it matters.';
  const http = change.use.direction === 'request' || change.use.direction === 'response';
  if (meaning.order === 'never')
    return http
      ? 'add the new form beside the old one, move everybody, then take the old one away; or publish a new version.'
      : 'send both forms until nobody reads the old one, or make a new message.';
  if (meaning.order === 'reader-first')
    return change.use.direction === 'response'
      ? 'let every client accept it first, or offer it under a new version.'
      : `ship ${readerName(change)} first, then ${writerName(change)}.`;
  const stored = meaning.breaksStored ? ' Messages that are stored already need the old form to be read.' : '';
  return http
    ? `keep accepting what clients send today, or publish a new version.${stored}`
    : `keep reading the old form for as long as it is stored.`;
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? ['', text] : [text.slice(0, index), text.slice(index + 1)];
}
