import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type LanguagePage, languagePage } from '../../generator/load/docs.js';
import { type Language, languageOf } from '../../generator/load/language.js';
import { DOCS } from './pages.js';

const editors = (language: Language): string =>
  `Editors complete and explain every key when the first line of a file is \`# yaml-language-server: $schema=<path>/node_modules/seamwright/schema/${language}.schema.json\`. An unknown key is an error that suggests the nearest known one; keys that begin with \`x-\` are yours wherever a table stands at the top of a section.`;

const pages: Readonly<Record<Language, LanguagePage>> = {
  feature: {
    name: 'feature-yaml',
    intro: [
      'One feature across services: who owns and copies what, who tells whom, who calls whom, and what must hold when things fail. Payloads stay in AsyncAPI documents and operations in OpenAPI documents; `feature.yaml` refers to them by name.',
      editors('feature'),
      'The smallest useful file has eight lines; the [guide to entities](../guides/entity.md) begins with it. Some keys are read and judged today and act later: [what is not there yet](../guarantees.md#read-and-judged-not-acted-upon-yet).',
    ],
  },
  seamwright: {
    name: 'seamwright-yaml',
    intro: [
      'Settings of one workspace, the folder of contracts that describe one system. Every key has a default, and so has the file: a folder of contracts without it works.',
      editors('seamwright'),
      '`${NAME}` and `${NAME:-default}` are replaced in `broker` and `store` only. Generated services hold both URLs as they are written here and replace variables when they start, so that generated code does not depend on the machine it was made on; one that is not set and has no default stops the start with its name. `SEAMWRIGHT_BROKER_URL` and `SEAMWRIGHT_DATABASE_URL` of the environment come before what stands here. A kind without a URL is the embedded one (`memory`, `pglite`), or asks the environment for these variables. See [broker and store](runtime.md#broker-and-store) for the ones that exist today.',
    ],
  },
  services: {
    name: 'services-yaml',
    intro: [
      'What is true of each service in every feature: its role, version, owner and how it is started. The file lies beside `seamwright.yaml`; without it, services are those that features name, and their roles are guessed from their names (`role-guessed` says so).',
      editors('services'),
      '`run` is read and checked today; `verify` will start services with it.',
    ],
  },
};

describe.each(Object.entries(pages) as [Language, LanguagePage][])('the reference of %s.yaml', (language, page) => {
  const path = join(DOCS, 'reference', `${page.name}.md`);
  const { schema } = languageOf(language);

  it('is what the schema says', () => {
    const text = languagePage(schema, page);
    if (process.env.UPDATE_DOCS === '1') writeFileSync(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('explains every key', () => {
    const unexplained = readFileSync(path, 'utf8').match(/^\| `[^|]+\|[^|]+\| {2}\|$/gm) ?? [];
    expect(unexplained).toEqual([]);
  });
});
