import type { Finding } from '../diagnostics/finding.js';
import type { Source } from './documents.js';
import { METHODS } from './openapi-operations.js';
import { child, children, isMapping, type Place, positionOf, rootOf, textAt } from './place.js';
import type { References } from './references.js';

/** What the reading of an OpenAPI document relies on: version, paths, unique operation ids, declared path parameters, responses. */
export function checkOpenApi(source: Source, references: References): readonly Finding[] {
  const root = rootOf(source);
  const refused = refuse(root);
  return refused === undefined ? checkPaths(root, references) : [refused];
}

function refuse(root: Place): Finding | undefined {
  const wrong = (key: string, message: string, fix: string): Finding => ({
    rule: 'openapi-version',
    severity: 'error',
    message,
    at: root.source.at([key]),
    fix,
    unreadable: true,
  });
  const swagger = textAt(root, 'swagger');
  if (swagger !== undefined) {
    return wrong(
      'swagger',
      `the document is Swagger ${swagger}, which is not read.`,
      'convert it to OpenAPI 3, for example with swagger2openapi.',
    );
  }
  const version = textAt(root, 'openapi') ?? '';
  if (!/^3\.[01](\.|$)/.test(version)) {
    return wrong('openapi', `version "${version}" of OpenAPI is not read.`, 'use 3.0 or 3.1, such as "3.1.0".');
  }
  const paths = child(root, 'paths');
  if (paths !== undefined && !isMapping(paths.value)) {
    return {
      ...wrong('paths', '"paths" is not a mapping.', 'write "/path:" entries below it.'),
      rule: 'openapi-paths',
    };
  }
  return undefined;
}

function checkPaths(root: Place, references: References): readonly Finding[] {
  const paths = child(root, 'paths');
  const findings: Finding[] = [];
  const byId = new Map<string, Place>();
  for (const [path, mention] of paths === undefined ? [] : children(paths)) {
    if (path.startsWith('x-')) continue;
    if (!path.startsWith('/')) {
      findings.push(problem('openapi-paths', `path "${path}" does not start with "/".`, mention, `write "/${path}".`));
    }
    const item = references.follow(mention);
    if (item === undefined) continue;
    for (const [method, mentioned] of children(item)) {
      if (!METHODS.includes(method)) continue;
      // A reference in the place of an operation is in no specification, and in many documents.
      const operation = references.follow(mentioned);
      if (operation === undefined) continue;
      findings.push(...checkOperation(path, item, operation, references));
      findings.push(...checkId(operation, byId));
    }
  }
  return findings;
}

function checkId(operation: Place, byId: Map<string, Place>): readonly Finding[] {
  const id = textAt(operation, 'operationId');
  const place = child(operation, 'operationId');
  if (id === undefined || place === undefined) return [];
  const first = byId.get(id);
  if (first === undefined) {
    byId.set(id, place);
    return [];
  }
  const finding = problem(
    'openapi-operation-id',
    `operationId "${id}" is given twice.`,
    place,
    'rename one; the name becomes a function.',
  );
  return [{ ...finding, subject: `operation:${id}`, related: [{ at: positionOf(first), message: 'first here' }] }];
}

function checkOperation(path: string, item: Place, operation: Place, references: References): readonly Finding[] {
  const findings: Finding[] = [];
  if (!isMapping(operation.value)) {
    return [problem('openapi-paths', 'the operation is not a mapping.', operation, 'write "responses:" below it.')];
  }
  const declared = new Set(
    [item, operation].flatMap((owner) => {
      const list = child(owner, 'parameters');
      return (list === undefined ? [] : children(list)).flatMap(([, mention]) => {
        const parameter = references.follow(mention);
        return textAt(parameter, 'in') === 'path' ? (textAt(parameter, 'name') ?? []) : [];
      });
    }),
  );
  const used = new Set([...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? ''));
  for (const name of used) {
    if (declared.has(name)) continue;
    const fix = `add it to "parameters" with "in: path" and "required: true".`;
    findings.push(
      problem('openapi-path-parameter', `path parameter "${name}" of "${path}" is not declared.`, operation, fix),
    );
  }
  for (const name of declared) {
    if (used.has(name)) continue;
    const finding = problem(
      'openapi-path-parameter',
      `path parameter "${name}" does not occur in "${path}".`,
      operation,
      `write "{${name}}" in the path, or remove the parameter.`,
    );
    findings.push({ ...finding, severity: 'warning' });
  }
  if (child(operation, 'responses') === undefined) {
    const finding = problem(
      'openapi-responses',
      'the operation has no "responses".',
      operation,
      'add the statuses that it answers with.',
    );
    findings.push({ ...finding, severity: 'warning' });
  }
  return findings;
}

function problem(rule: string, message: string, place: Place, fix: string): Finding {
  return { rule, severity: 'error', message, at: positionOf(place), fix };
}
