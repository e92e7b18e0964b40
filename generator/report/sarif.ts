import type { Finding } from '../diagnostics/finding.js';
import type { Position } from '../diagnostics/position.js';
import type { Reporter } from './reporter.js';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF 2.1.0, for code scanning. The fingerprint is rule and subject, so that a finding keeps its identity when lines move. */
export const reportSarif: Reporter = (findings) => {
  const ids = [...new Set(findings.map((finding) => finding.rule))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'seamwright', rules: ids.map((id) => ({ id })) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, ids)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};

function result(finding: Finding, ids: readonly string[]) {
  const { rule, severity, message, fix, at, subject, related } = finding;
  return {
    ruleId: rule,
    ruleIndex: ids.indexOf(rule),
    level: levels[severity],
    message: { text: fix === undefined ? message : `${message} Fix: ${fix}` },
    locations: [location(at)],
    relatedLocations: (related ?? []).map((place, id) => ({
      id,
      ...location(place.at),
      message: { text: place.message },
    })),
    partialFingerprints: { subject: `${rule} ${subject ?? message}` },
  };
}

function location({ file, line, column }: Position) {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine: line, startColumn: column } } };
}
