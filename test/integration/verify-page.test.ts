import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Plan } from '../../harness/plan.js';
import { htmlReport } from '../../harness/report/html.js';
import type { VerifyResult } from '../../harness/result.js';

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
const folder = mkdtempSync(join(tmpdir(), 'seamwright-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plan: Plan = {
  ...{ seamwright: 1, system: 'shop', service: 'surveys', scenario: 'out-of-order', level: 'sim', seed: 1, jitter: 0 },
  ...{ steps: [], faults: [] },
};

/** Words of a contract that would end the page, or run, if they were taken for markup. */
const hostile = '</script><script>document.title = "taken"</script><b>bold</b>';

const result: VerifyResult = {
  summary: { passed: 1, failed: 1, skipped: 0 },
  services: [
    {
      ...{ system: 'shop', service: 'surveys', level: 'sim', tookMs: 12 },
      coverage: { delay: { 'copy:Employee': 3 }, crash: { 'copy:Employee': 0 } },
      scenarios: [
        {
          ...{ scenario: 'out-of-order', status: 'failed', seed: 1, schedules: 4, invariants: ['converged'] },
          reason: `An older Employee overwrote a newer one. ${hostile}`,
          targets: [{ id: 'copy:Employee', name: 'Employee', schedules: 4 }],
          failure: {
            ...{ invariant: 'converged', sentence: `An older Employee overwrote a newer one. ${hostile}` },
            ...{ promise: 'It converges.', service: 'surveys', target: 'Employee', schedule: 1, schedules: 4, plan },
            words: ['m1 at 0 ms: Employee e1 is created'],
            timeline: [
              {
                ms: 0,
                service: 'people',
                kind: 'published',
                what: 'Told (m1) published',
                message: { id: '1', type: 'Told' },
              },
              {
                ms: 1,
                service: 'surveys',
                kind: 'delivered',
                what: 'Told (m1) arrives',
                message: { id: '1', type: 'Told', to: 'surveys' },
              },
              {
                ms: 2,
                service: 'surveys',
                kind: 'copied',
                what: 'Employee e1 applied',
                row: 'none -> live (v1)',
                broken: true,
              },
            ],
            shrunk: { from: { steps: 3, faults: 2 }, to: { steps: 1, faults: 1 }, tries: 5 },
          },
        },
        {
          scenario: 'create',
          status: 'passed',
          seed: 1,
          schedules: 2,
          invariants: [],
          targets: [{ id: 'copy:Employee', name: 'Employee', schedules: 0 }],
        },
      ],
    },
  ],
};

/** The page as a browser has built it. */
function built(address: string): string {
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    `--user-data-dir=${folder}/profile`,
  ];
  return execFileSync(browser ?? '', [...flags, '--virtual-time-budget=2000', '--dump-dom', address], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 60_000,
  });
}

describe.skipIf(browser === undefined)('the page of a verification, in a browser (skipped without chromium)', () => {
  it('tells what broke, plays it, and shows what nothing has exercised', () => {
    const file = join(folder, 'report.html');
    writeFileSync(file, htmlReport(result));
    const page = built(`${pathToFileURL(file).href}#surveys/sim/out-of-order`);
    expect(page).toContain('1 broken scenario');
    expect(page).toContain('Employee e1 applied   [none -&gt; live (v1)]   &lt;- broken here');
    // One message went from one lane to another.
    expect(page.match(/class="arrow"/g)).toHaveLength(1);
    expect(page).toContain('<td class="count untried">0</td>');
    expect(page).toContain('<td class="failed">not played</td>');
    // What a contract says stays text.
    expect(page).toContain('<title>seamwright verify</title>');
    expect(page).not.toContain('<b>bold</b>');
  });
});
