import type { Finding } from '../diagnostics/finding.js';
import { formatPosition } from '../diagnostics/position.js';
import type { Reporter } from './reporter.js';

/** JUnit XML: one case per finding, errors as failures, the rest as passed cases with output. A clean run is one passed case, because some readers refuse none. */
export const reportJunit: Reporter = (findings, options) => {
  const failures = findings.filter((finding) => finding.severity === 'error').length;
  const seconds = (options.elapsedMs / 1_000).toFixed(3);
  const { command = 'check' } = options;
  const cases =
    findings.length === 0 ? [`    <testcase classname="seamwright" name="${xml(command)}"/>`] : findings.map(testcase);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="seamwright ${xml(command)}" tests="${cases.length}" failures="${failures}" errors="0" time="${seconds}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};

function testcase(finding: Finding): string {
  const { rule, severity, message, fix, at, related } = finding;
  const also = (related ?? []).map((place) => `also ${formatPosition(place.at)} ${place.message}`.trim());
  const body = [formatPosition(at), message, ...also, ...(fix === undefined ? [] : [`fix: ${fix}`])].join('\n');
  const inside =
    severity === 'error'
      ? `<failure type="${xml(rule)}" message="${xml(message)}">${xml(body)}</failure>`
      : `<system-out>${xml(`${severity}: ${body}`)}</system-out>`;
  const name = xml(`${rule} ${formatPosition(at)}`);
  return `    <testcase classname="${xml(rule)}" name="${name}" file="${xml(at.file)}" line="${at.line}">${inside}</testcase>`;
}

/** XML 1.0 allows no control characters but tab and line breaks, not even escaped. */
function xml(text: string): string {
  return text
    .replace(/(?![\t\r\n])\p{Cc}|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
