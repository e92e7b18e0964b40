import type { Finding } from '../diagnostics/finding.js';
import type { Source } from './documents.js';
import { child, children, type Place, positionOf, rootOf, textAt } from './place.js';

/** What the reading of an AsyncAPI document relies on; everything else is left to the AsyncAPI parser. */
export function checkAsyncApi(source: Source): readonly Finding[] {
  const version = textAt(rootOf(source), 'asyncapi') ?? '';
  if (/^3\.[01](\.|$)/.test(version)) return checkOperations(rootOf(source));
  if (/^2\.[0-6](\.|$)/.test(version)) return [];
  return [
    {
      rule: 'asyncapi-version',
      severity: 'error',
      message: `version "${version}" of AsyncAPI is not read.`,
      at: source.at(['asyncapi']),
      fix: 'use 2.0 to 2.6, 3.0 or 3.1, such as "3.0.0".',
      unreadable: true,
    },
  ];
}

/** An operation without direction or channel cannot be read at all; the parser does not tell of a wrong direction. */
function checkOperations(root: Place): readonly Finding[] {
  const operations = child(root, 'operations');
  return (operations === undefined ? [] : children(operations)).flatMap(([id, operation]) => {
    if (child(operation, '$ref') !== undefined) return [];
    const action = textAt(operation, 'action');
    if (action === 'send' || action === 'receive') return [];
    const place = child(operation, 'action');
    return [
      {
        rule: 'asyncapi-action',
        severity: 'error',
        message:
          action === undefined
            ? `operation "${id}" has no "action".`
            : `action "${action}" of operation "${id}" is not known.`,
        at: place === undefined ? positionOf(operation) : place.source.at(place.path),
        fix: 'write "send" or "receive", as the application itself does.',
      },
    ] as const;
  });
}
