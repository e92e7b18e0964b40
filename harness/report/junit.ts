import type { ScenarioResult, VerifyResult } from '../result.js';
import { mismatchLines, timelineText } from './text.js';

/** JUnit XML: a suite per service and level, a case per scenario. */
export function junitReport({ services, summary }: VerifyResult): string {
  const total = summary.passed + summary.failed + summary.skipped;
  const suites = services.map(({ service, level, scenarios, tookMs }) => {
    const count = (status: ScenarioResult['status']): number => scenarios.filter((one) => one.status === status).length;
    const attributes = `name="${escaped(`${service} (${level})`)}" tests="${scenarios.length}" failures="${count('failed')}" skipped="${count('skipped')}" time="${(tookMs / 1000).toFixed(3)}"`;
    return [
      `  <testsuite ${attributes}>`,
      ...scenarios.map((scenario) => testCase(service, scenario)),
      '  </testsuite>',
    ].join('\n');
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${total}" failures="${summary.failed}" skipped="${summary.skipped}">`,
    ...suites,
    '</testsuites>',
  ].join('\n');
}

function testCase(service: string, result: ScenarioResult): string {
  const { scenario, status, reason = '' } = result;
  const open = `    <testcase classname="${escaped(service)}" name="${escaped(scenario)}"`;
  if (status === 'passed') return `${open}/>`;
  if (status === 'skipped') return `${open}><skipped message="${escaped(reason)}"/></testcase>`;
  return `${open}><failure message="${escaped(reason)}">${escaped(storyOf(result))}</failure></testcase>`;
}

/** The plan with its timeline, or everything that is not as a Pact file says: whoever reads this has no terminal at hand. */
function storyOf({ failure, mismatches = [], reason = '' }: ScenarioResult): string {
  if (failure !== undefined) return [...failure.words, '', ...timelineText(failure.timeline)].join('\n');
  if (mismatches.length === 0) return reason;
  return mismatches.flatMap(mismatchLines).join('\n');
}

/** XML 1.0 has no place for control characters. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
