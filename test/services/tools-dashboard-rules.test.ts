import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkWorkspace } from 'seamwright';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** One change of one file: the first `text` becomes `by`. */
interface Edit {
  readonly file: string;
  readonly text: string;
  readonly by: string;
}

const registration = 'user-registration/feature.yaml';
const flow = '  - front-public → back-gateway → back-api → back-auth + back-postgres\n';
const http = 'http:\n';

/** A call as the contracts write it, from a service that may not make it. */
const call = (from: string, to: string, operation: string): Edit => ({
  file: registration,
  text: http,
  by: `${http}  - { from: ${from}, to: ${to}, operations: [${operation}], purpose: Forbidden., criticality: required, policy: data-once, security: serviceToken }\n`,
});
const drawn = (line: string): Edit => ({ file: registration, text: flow, by: `${flow}  - ${line}\n` });

const forbidden: readonly { what: string; edits: readonly Edit[]; rule: string; message: RegExp }[] = [
  {
    what: 'front-public → back-postgres as a call',
    edits: [call('front-public', 'back-postgres', 'getStoredUser')],
    rule: 'role-frontend',
    message: /^frontend "front-public" calls "back-postgres", a repository, which a frontend must not reach/,
  },
  {
    what: 'front-public → back-postgres as an arrow',
    edits: [drawn('front-public → back-postgres')],
    rule: 'role-frontend',
    message: /"front-public" flows to "back-postgres"/,
  },
  {
    what: 'back-auth → smtp',
    edits: [drawn('back-auth → smtp')],
    rule: 'role-auth',
    message: /"back-auth" flows to "smtp", which sends mail/,
  },
  {
    what: 'back-postgres → back-api as a call',
    edits: [call('back-postgres', 'back-api', 'getUser')],
    rule: 'role-repository',
    message: /"back-postgres" calls "back-api", an api; a repository calls no other service/,
  },
  {
    what: 'back-postgres → back-api as an arrow',
    // Drawn first: after the arrow that goes the other way it would be the answer.
    edits: [{ file: registration, text: flow, by: `  - back-postgres → back-api\n${flow}` }],
    rule: 'role-repository',
    message: /"back-postgres" flows to "back-api"/,
  },
  {
    what: 'a database of back-api',
    edits: [
      {
        file: registration,
        text: http,
        by: `resources:\n  users-db: { type: database, protocol: postgresql, owner: back-api }\n\n${http}`,
      },
      drawn('back-api → users-db'),
    ],
    rule: 'role-api',
    message: /"back-api".*"users-db", a database, which only a repository may reach/,
  },
  {
    what: 'a database of back-api that no arrow shows',
    edits: [
      {
        file: registration,
        text: http,
        by: `resources:\n  users-db: { type: database, protocol: postgresql, owner: back-api }\n\n${http}`,
      },
    ],
    rule: 'role-api',
    message: /"back-api".*"users-db", a database, which only a repository may reach/,
  },
  {
    what: 'sessions at back-api',
    edits: [{ file: registration, text: '[business-logic]', by: '[business-logic, sessions]' }],
    rule: 'role-api',
    message: /"back-api" provides "?sessions/,
  },
  {
    what: 'back-api and back-auth in a circle of calls',
    edits: [call('back-auth', 'back-api', 'getUser')],
    rule: 'dependency-cycle',
    message: /"back-api" -> "back-auth" -> "back-api"|"back-auth" -> "back-api" -> "back-auth"/,
  },
  {
    what: 'back-api and back-auth in a circle of dependencies',
    edits: [
      {
        file: registration,
        text: '  back-auth: [{ back-postgres: ">=1.0.0" }]',
        by: '  back-auth: [{ back-postgres: ">=1.0.0" }, { back-api: ">=1.0.0" }]',
      },
    ],
    rule: 'dependency-cycle',
    message: /"back-api" -> "back-auth" -> "back-api"|"back-auth" -> "back-api" -> "back-auth"/,
  },
  {
    what: 'shared >=2.0.0 with shared 1.0.0',
    edits: [{ file: registration, text: 'shared: ">=1.0.0 <2"', by: 'shared: ">=2.0.0"' }],
    rule: 'version-range-unsatisfied',
    message: /"shared".*>=2\.0\.0.*1\.0\.0/,
  },
  {
    what: 'back-auth before 1.2.0',
    edits: [{ file: 'services.yaml', text: 'version: 1.2.0', by: 'version: 1.1.0' }],
    rule: 'version-range-unsatisfied',
    message: /"back-auth".*>=1\.2\.0.*1\.1\.0/,
  },
];

describe('contracts of the tools dashboard', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'tools-dashboard-'));
    cpSync('contracts/tools-dashboard', join(root, 'contracts'), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function edit({ file, text, by }: Edit): void {
    const path = join(root, 'contracts', file);
    const before = readFileSync(path, 'utf8');
    expect(before, `${file} no longer holds what is to be changed`).toContain(text);
    writeFileSync(
      path,
      before.replace(text, () => by),
    );
  }
  const broken = async () => {
    const { findings } = await checkWorkspace('contracts', { cwd: root, env: {}, today: '2026-03-09' });
    return findings.filter(({ severity }) => severity !== 'info');
  };

  it('break no rule', async () => {
    expect(await broken()).toEqual([]);
  }, 30_000);

  it.each(forbidden)(
    'forbid $what',
    async ({ edits, rule, message }) => {
      for (const one of edits) edit(one);
      const found = (await broken()).filter((finding) => finding.rule === rule);
      expect(found.map((finding) => finding.message)).toContainEqual(expect.stringMatching(message));
      for (const finding of found) expect(finding.severity).toBe('error');
    },
    30_000,
  );
});
