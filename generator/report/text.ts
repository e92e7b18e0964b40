import pc from 'picocolors';
import type { Finding } from '../diagnostics/finding.js';
import { formatPosition } from '../diagnostics/position.js';
import { counted, oneLine, type Reporter, type ReportOptions, summarise } from './reporter.js';

/**
 * For a person: one line per finding that editors turn into a link, `also` and `fix` indented below, a summary at the end.
 *
 *     contracts/shop/feature.yaml:9:12: error entity-single-owner: entity "Employee" is owned by "people" and by "accounts".
 *       also contracts/users/feature.yaml:22:12
 *       fix: keep one owner; let "accounts" keep a copy (consumers: [accounts]).
 *     1 finding: 1 error (38 rules, 6 features, 0.4 s)
 */
export const reportText: Reporter = (findings, options) => {
  const paint = pc.createColors(options.color);
  return [...findings.map((finding) => findingText(finding, paint)), summaryText(findings, options)]
    .join('\n')
    .concat('\n');
};

/** One finding, without the line break at its end. */
export function findingText(finding: Finding, paint: ReturnType<typeof pc.createColors>): string {
  const severity = { error: paint.red, warning: paint.yellow, info: paint.cyan }[finding.severity](finding.severity);
  const also = (finding.related ?? []).map((place) => {
    const why = place.message === '' ? '' : ` ${oneLine(place.message)}`;
    return `  also ${oneLine(formatPosition(place.at))}${paint.dim(why)}`;
  });
  const fix = finding.fix === undefined ? [] : [`  ${paint.green('fix:')} ${oneLine(finding.fix)}`];
  const where = paint.bold(oneLine(formatPosition(finding.at)));
  return [`${where}: ${severity} ${finding.rule}: ${oneLine(finding.message)}`, ...also, ...fix].join('\n');
}

function summaryText(findings: readonly Finding[], options: ReportOptions): string {
  const { errors, warnings, infos } = summarise(findings);
  const parts = [counted(errors, 'error'), counted(warnings, 'warning'), counted(infos, 'info')].filter(
    (part) => !part.startsWith('0 '),
  );
  const ran = [
    ...(options.rules === undefined ? [] : [counted(options.rules, 'rule')]),
    ...(options.features === undefined ? [] : [counted(options.features, 'feature')]),
    `${(options.elapsedMs / 1_000).toFixed(1)} s`,
  ];
  const details = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return `${counted(findings.length, 'finding')}${details} (${ran.join(', ')})`;
}
