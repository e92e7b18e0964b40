import { UsageError } from '../../../runtime/errors.js';
import { declaredDialect } from '../../schema/dialect.js';
import type { Dialect } from '../../schema/node.js';

/** Other names of the drafts, as validators and test suites call them. */
const NAMES: Readonly<Record<string, Dialect>> = {
  asyncapi: 'asyncapi',
  'openapi-3.0': 'openapi-3.0',
  'openapi-3.1': 'openapi-3.1',
  'draft-04': 'draft-04',
  'draft-06': 'draft-06',
  'draft-07': 'draft-07',
  'draft-4': 'draft-04',
  'draft-6': 'draft-06',
  'draft-7': 'draft-07',
  draft4: 'draft-04',
  draft6: 'draft-06',
  draft7: 'draft-07',
  '2019-09': '2019-09',
  '2020-12': '2020-12',
  'draft2019-09': '2019-09',
  'draft2020-12': '2020-12',
  'draft-2019-09': '2019-09',
  'draft-2020-12': '2020-12',
};

/** The dialect of a name or of the URI of a published draft. Throws `UsageError` that names those there are. */
export function dialectNamed(name: string): Dialect {
  const dialect = Object.hasOwn(NAMES, name) ? NAMES[name] : declaredDialect({ $schema: name });
  if (dialect !== undefined) return dialect;
  const known = [...new Set(Object.values(NAMES))].map((each) => `"${each}"`).join(', ');
  throw new UsageError(`there is no dialect "${name}"; there are ${known}`);
}
