import type { Finding } from '../diagnostics/finding.js';
import type { Source } from './documents.js';
import { rootOf, textAt } from './place.js';

/** What the reading of an AsyncAPI document relies on; everything else is left to the AsyncAPI parser. */
export function checkAsyncApi(source: Source): readonly Finding[] {
  const version = textAt(rootOf(source), 'asyncapi') ?? '';
  if (/^(2\.[0-6]|3\.[01])(\.|$)/.test(version)) return [];
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
