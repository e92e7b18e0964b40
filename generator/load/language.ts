import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../diagnostics/finding.js';
import { type Check, compileSchema } from '../schema/ajv.js';
import type { Source } from './documents.js';
import { findingOf } from './language-finding.js';
import { type JsonSchema, mistakesIn } from './mistakes.js';
import { pathOf } from './pointer.js';

export type Language = 'feature' | 'services' | 'seamwright';

/** Checks a file against the published JSON Schema of its kind. Each mistake is one finding at the deepest place that can be named. */
export function checkLanguage(source: Source, language: Language): readonly Finding[] {
  if (source.value === null) {
    const fix = language === 'feature' ? 'start with "name: <feature-name>".' : 'write its settings, or delete it.';
    return [
      { rule: 'schema', severity: 'error', message: 'the file is empty.', at: source.at([]), fix, unreadable: true },
    ];
  }
  const { schema, check } = languageOf(language);
  const errors = check(source.value);
  if (errors.length === 0) return [];
  const findings = mistakesIn(source.value, schema, schema).map((mistake) => findingOf(source, mistake, schema));
  if (findings.length > 0) return findings;
  const { instancePath = '', message = 'is not valid' } = errors[0] ?? {};
  const at = source.at(pathOf(instancePath, source.value));
  return [
    {
      rule: 'schema',
      severity: 'error',
      message: `the value here ${message}.`,
      at,
      fix: 'correct it.',
      unreadable: true,
    },
  ];
}

interface Compiled {
  readonly schema: JsonSchema;
  readonly check: Check;
}

/** Compiling takes about 50 ms, and a run reads many feature files. */
const languages: Partial<Record<Language, Compiled>> = {};

/** The published schema of a language, compiled once. */
export function languageOf(language: Language): Compiled {
  const known = languages[language];
  if (known !== undefined) return known;
  const schema = JSON.parse(readFileSync(join(schemaFolder(), `${language}.schema.json`), 'utf8')) as JsonSchema;
  const fresh = { schema, check: compileSchema(schema) };
  languages[language] = fresh;
  return fresh;
}

/** The `schema` folder of the package, which lies two levels up from the source and three from the built file. */
function schemaFolder(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); dirname(dir) !== dir; dir = dirname(dir)) {
    if (existsSync(join(dir, 'schema', 'feature.schema.json'))) return join(dir, 'schema');
  }
  throw new Error('the "schema" folder of the package is missing');
}
