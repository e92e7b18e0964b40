import type { Finding } from '../diagnostics/finding.js';
import { nearest } from '../diagnostics/nearest.js';
import type { Position } from '../diagnostics/position.js';
import type { Source, ValuePath } from './documents.js';
import { expectationOf, oneOfNames } from './expectation.js';
import { type JsonSchema, kindOf, type Mistake } from './mistakes.js';
import { repairOf } from './repair.js';

/** Turns one mistake in a language file into a finding: fact, place, next step. */
export function findingOf(source: Source, mistake: Mistake, root: JsonSchema): Finding {
  return { rule: 'schema', severity: 'error', unreadable: true, ...TELL[mistake.keyword](source, mistake, root) };
}

interface Told {
  readonly message: string;
  readonly at: Position;
  readonly fix: string;
}

type Teller = (source: Source, mistake: Mistake, root: JsonSchema) => Told;

const tellOther: Teller = (source, mistake, root) => ({
  message: `${placeOf(mistake.path)} is ${written(source, mistake)}, but ${expected(mistake, root)} is expected.`,
  at: source.at(mistake.path),
  fix: repairOf(mistake, rawScalar(source, mistake.path)),
});

/** The schema of a whole file has a title, but no writer calls it by that. */
function expected({ path, schema, expected }: Mistake, root: JsonSchema): string {
  return expected ?? (path.length === 0 ? 'a mapping' : expectationOf(schema, root));
}

const TELL: Readonly<Record<Mistake['keyword'], Teller>> = {
  'unknown-key': (source, { path, key = '', value, schema }, root) => {
    const allowed = Object.keys((schema.properties ?? {}) as object);
    const free = allowed.filter((name) => !(name in (value as object)));
    const meant = nearest(key, free) ?? nearest(key, allowed);
    return {
      message: `unknown key "${key}" in ${placeOf(path)}.`,
      at: source.keyAt([...path, key]),
      fix:
        meant === undefined
          ? fixUnknown(key, free, path, root)
          : `did you mean "${meant}"?${free.includes(meant) ? '' : ' It stands here already: join the two.'}`,
    };
  },
  'missing-key': (source, { path, key, schema }) => {
    const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
    const examples = properties[key ?? '']?.examples;
    return {
      message: `${placeOf(path)} has no "${key}".`,
      at: source.keyAt(path),
      fix: `add "${key}: ${Array.isArray(examples) ? examples[0] : '...'}".`,
    };
  },
  enum: (source, mistake) => {
    const allowed = (mistake.schema.enum as readonly unknown[]).map(String);
    const meant = typeof mistake.value === 'string' ? nearest(mistake.value, allowed) : undefined;
    return {
      message: `${placeOf(mistake.path)} is ${written(source, mistake)}, but only ${oneOfNames(allowed)} can stand here.`,
      at: source.at(mistake.path),
      fix: meant === undefined ? 'choose one of these.' : `did you mean "${meant}"?`,
    };
  },
  'mixed-forms': (source, { path }) => ({
    message: `${placeOf(path)} mixes two forms of a dependency.`,
    at: source.at(path),
    fix: 'write "<provider>: <range>", or "service: <provider>" with "version: <range>".',
  }),
  range: tellOther,
  other: tellOther,
};

/** An unknown key without a near name: it may belong to the top of the file (an indentation slip); else say what may stand here. */
function fixUnknown(key: string, allowed: readonly string[], path: ValuePath, root: JsonSchema): string {
  if (path.length > 0 && Object.hasOwn((root.properties ?? {}) as object, key)) {
    return `"${key}" belongs to the top level of the file; check the indentation.`;
  }
  const names = allowed.slice(0, 12).join(', ');
  if (names === '') return 'remove it.';
  return `remove it; what can be added here is ${names}${allowed.length > 12 ? ', ...' : ''}.`;
}

/** The value as the writer sees it: `1.0` stays `1.0` although it is the number 1. */
function written(source: Source, { path, value }: Mistake): string {
  const kind = kindOf(value);
  if (kind === 'null') return 'empty';
  if (kind === 'array') return (value as readonly unknown[]).length === 0 ? 'an empty list' : 'a list';
  if (kind === 'object') return 'a mapping';
  if (kind === 'string') return `"${shorten(String(value))}"`;
  return `the ${kind === 'number' ? 'number' : 'value'} ${shorten(rawScalar(source, path))}`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

function rawScalar(source: Source, path: ValuePath): string {
  const { line, column } = source.at(path);
  const rest = source.text.split('\n', line)[line - 1]?.slice(column - 1) ?? '';
  return /^[^\s,\]}#]+/.exec(rest)?.[0] ?? '';
}

function placeOf(path: ValuePath): string {
  if (path.length === 0) return 'the file';
  const text = path.reduce<string>(
    (before, step) => (typeof step === 'number' ? `${before}[${step}]` : before === '' ? step : `${before}.${step}`),
    '',
  );
  return `"${text}"`;
}
