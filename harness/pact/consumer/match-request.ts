import type { HttpInteraction, Matcher, Rule, Rules } from '../../../generator/emit/pact/pact-file.js';
import { step } from '../../../generator/emit/pact/sample.js';
import { equals } from '../../../runtime/values.js';

/** One place in which a request is not as its interaction says. */
export interface RequestMismatch {
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly sentence: string;
}

export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

/** Compares a request that was sent with the one that an interaction shows, by its rules. As in Pact, headers may be more, everything else may not. */
export function matchRequest({ request }: HttpInteraction, sent: SentRequest): readonly RequestMismatch[] {
  const found: RequestMismatch[] = [];
  const differs = (path: string, expected: unknown, actual: unknown, what: string): void => {
    found.push({
      path,
      expected,
      actual,
      sentence: `${what}: ${shown(expected)} was agreed, ${shown(actual)} was sent`,
    });
  };
  if (sent.method !== request.method) differs('method', request.method, sent.method, 'another method');
  if (sent.url.pathname !== request.path && !keeps(request.matchingRules?.path, request.path, sent.url.pathname))
    differs('path', request.path, sent.url.pathname, 'another path');
  const query = request.query ?? {};
  for (const name of new Set([...Object.keys(query), ...sent.url.searchParams.keys()])) {
    const [expected] = query[name] ?? [];
    const actual = sent.url.searchParams.get(name) ?? undefined;
    if (!isKept(request.matchingRules?.query?.[name], expected, actual))
      differs(`query.${name}`, expected, actual, `parameter "${name}" of the query`);
  }
  for (const [name, [expected]] of Object.entries(request.headers ?? {})) {
    const actual = sent.headers.get(name) ?? undefined;
    const isSame = isMediaType(name) ? plain(expected) === plain(actual) : false;
    if (!isSame && !isKept(request.matchingRules?.header?.[name], expected, actual))
      differs(`header.${name}`, expected, actual, `header "${name}"`);
  }
  if (request.body !== undefined)
    compare('$', request.body.content, parsed(sent.body), request.matchingRules?.body ?? {}, differs);
  return found;
}

function isMediaType(name: string): boolean {
  return name.toLowerCase() === 'content-type';
}

function plain(text: string | undefined): string | undefined {
  return text?.split(';', 1)[0]?.trim().toLowerCase();
}

function isKept(rule: Rule | undefined, expected: unknown, actual: unknown): boolean {
  return (
    expected !== undefined &&
    actual !== undefined &&
    (rule === undefined ? expected === actual : keeps(rule, expected, actual))
  );
}

type Differs = (path: string, expected: unknown, actual: unknown, what: string) => void;

function compare(path: string, expected: unknown, actual: unknown, rules: Rules, differs: Differs): void {
  const rule = rules[path.replaceAll(/\[\d+\]/g, '[*]')];
  if (actual === null && expected !== null && keeps(rule, expected, actual)) return;
  if (Array.isArray(expected) && Array.isArray(actual)) {
    if (rule === undefined ? expected.length !== actual.length : !keeps(rule, expected, actual))
      differs(path, expected, actual, `the list ${path}`);
    for (const [index, item] of actual.entries())
      compare(`${path}[${index}]`, expected[index] ?? expected[0], item, rules, differs);
    return;
  }
  if (isObject(expected) && isObject(actual)) {
    for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const member = `${path}${step(name)}`;
      if (!Object.hasOwn(actual, name) || !Object.hasOwn(expected, name))
        differs(member, expected[name], actual[name], `member ${member}`);
      else compare(member, expected[name], actual[name], rules, differs);
    }
    return;
  }
  if (rule === undefined ? !equals(expected, actual) : !keeps(rule, expected, actual))
    differs(path, expected, actual, `the value ${path}`);
}

function keeps(rule: Rule | undefined, expected: unknown, actual: unknown): boolean {
  if (rule === undefined) return false;
  const test = (matcher: Matcher): boolean => matches(matcher, expected, actual);
  return rule.combine === 'OR' ? rule.matchers.some(test) : rule.matchers.every(test);
}

function matches(matcher: Matcher, expected: unknown, actual: unknown): boolean {
  switch (matcher.match) {
    case 'null':
      return actual === null;
    case 'integer':
      return Number.isInteger(actual);
    case 'number':
    case 'decimal':
      return typeof actual === 'number';
    case 'boolean':
      return typeof actual === 'boolean';
    case 'regex':
      return typeof actual !== 'object' && new RegExp(String(matcher.regex), 'u').test(String(actual));
    case 'type':
      return (
        kindOf(actual) === kindOf(expected) && (!Array.isArray(actual) || actual.length >= Number(matcher.min ?? 0))
      );
    default:
      return equals(expected, actual);
  }
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return kindOf(value) === 'object';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200);
}
