import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { judge } from './judge.js';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'check-'));
  writeFileSync(join(dir, 'feature.yaml'), 'name: calls\nversion: 1.0.0\nhttp:\n  - { from: sales, to: common }\n');
});
afterEach(() => rmSync(dir, { recursive: true }));

async function severities(settings: string): Promise<readonly string[]> {
  writeFileSync(join(dir, 'seamwright.yaml'), `seamwright: "1"\n${settings}`);
  return (await judge(dir)).map((finding) => `${finding.severity} ${finding.rule}`);
}

it('a rule has its own severity until the workspace gives it another one', async () => {
  expect(await severities('')).toContain('warning no-timeout');
  expect(await severities('rules: { no-timeout: error }')).toContain('error no-timeout');
  expect((await severities('rules: { no-timeout: "off" }')).join()).not.toContain('no-timeout');
});

it('a rule that is off is not missed by an acceptance of it', async () => {
  const off = await severities('rules: { no-timeout: "off" }\naccept: [{ rule: no-timeout, reason: later }]');
  expect(off).toContain('warning acceptance-unused');
});

it('a misspelt rule is a finding that can be switched off itself', async () => {
  expect(await severities('rules: { no-timeuot: error }')).toContain('warning rule-unknown');
  expect((await severities('rules: { no-timeuot: error, rule-unknown: "off" }')).join()).not.toContain('rule-unknown');
});

it('an accepted finding is gone', async () => {
  const accepted = await severities(
    'accept: [{ rule: no-timeout, subject: "http:sales->common", reason: behind a proxy }]',
  );
  expect(accepted.join()).not.toContain('no-timeout');
});
