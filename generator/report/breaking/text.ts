import pc from 'picocolors';
import type { Bump } from '../../compat/bump.js';
import { changeName } from '../../compat/change-name.js';
import type { Impact } from '../../compat/impact.js';
import type { Judgement } from '../../compat/judgement.js';
import type { DeployTier } from '../../compat/order.js';
import { formatPosition } from '../../diagnostics/position.js';
import { oneLine } from '../reporter.js';
import { findingText } from '../text.js';
import { summaryText } from './counts.js';
import { excerpt } from './findings.js';
import { orderText } from './order-text.js';
import type { BreakingReporter, Comparison } from './run.js';

type Paint = ReturnType<typeof pc.createColors>;

/**
 * For a person: what breaks, by feature, with the version it needs; for each break who is hit, the message that fails and what its reader says; then the
 * order to ship in.
 */
export const breakingText: BreakingReporter = (run, { color, elapsedMs }) => {
  const paint = pc.createColors(color);
  return [
    ...run.findings.flatMap((finding) => [findingText(finding, paint), '']),
    ...run.comparisons.flatMap((comparison) => comparisonLines(comparison, paint)),
    ...(run.comparisons.length === 0 ? [] : [`${summaryText(run)} in ${(elapsedMs / 1_000).toFixed(1)} s`]),
    '',
  ].join('\n');
};

function comparisonLines(comparison: Comparison, paint: Paint): readonly string[] {
  const { system, impact, isNew, against, findings } = comparison;
  const read = findings.flatMap((finding) => [findingText(finding, paint), '']);
  if (isNew)
    return [...read, `${system} is new: ${oneLine(against)} does not have it, so there is nothing to compare.`, ''];
  if (impact === undefined) return read;
  return [
    ...read,
    ...byFeature(impact).flatMap(([feature, judgements]) => featureLines(feature, judgements, impact, paint)),
    ...orderLines(impact, paint),
    ...impact.waived.map(({ judgement, reason, until, approvedBy }) => {
      const more = [
        ...(approvedBy === undefined ? [] : [`by ${approvedBy}`]),
        ...(until === undefined ? [] : [`until ${until}`]),
      ].join(', ');
      return oneLine(`accepted  ${changeName(judgement)}: ${reason}${more === '' ? '' : ` (${more})`}`);
    }),
    ...(impact.waived.length > 0 ? [''] : []),
    ...impact.findings.flatMap((finding) => [findingText(finding, paint), '']),
  ];
}

/** Judgements by the feature that owns them, those that break first. */
function byFeature({ judgements }: Impact): readonly (readonly [string, readonly Judgement[]])[] {
  const groups = new Map<string, Judgement[]>();
  for (const judgement of judgements) {
    const feature = judgement.features[0] ?? '';
    groups.set(feature, [...(groups.get(feature) ?? []), judgement]);
  }
  return [...groups];
}

function featureLines(
  feature: string,
  judgements: readonly Judgement[],
  { system, bumps }: Impact,
  paint: Paint,
): readonly string[] {
  const verdict = judgements.some((judgement) => judgement.verdict === 'breaking')
    ? paint.red('BREAKING')
    : judgements.some((judgement) => judgement.verdict === 'unknown')
      ? paint.yellow('UNPROVEN')
      : paint.cyan('NOTICE  ');
  const bump = bumps.find(({ kind, name }) => kind === 'feature' && name === feature);
  const name = feature === '' ? system : feature;
  return [
    `${verdict}  ${paint.bold(oneLine(`${name}${bump === undefined ? '' : ` ${versionText(bump)}`}`))}`,
    '',
    ...judgements.flatMap((judgement) => [...judgementLines(judgement, paint), '']),
  ];
}

/** `1.4.0 -> needs 2.0.0 (is 1.4.1)`, `1.4.0 -> 2.0.0`. */
export function versionText({ from, to, is, done }: Bump): string {
  if (done) return `${from} -> ${is}`;
  return `${from} -> needs ${to}${is === from ? '' : ` (is ${is})`}`;
}

function judgementLines(judgement: Judgement, paint: Paint): readonly string[] {
  const { rule, message, at, related = [], fix, affected, counterexample, verdict } = judgement;
  const also = related.map((place) => `    also ${formatPosition(place.at)} ${place.message}`.trimEnd());
  const hits = affected.map(
    ({ service, feature, team, why }) =>
      `    ${verdict === 'notice' ? 'tells' : paint.red('hits')}  ${service}${owners(feature, team)}: ${why}`,
  );
  const refused =
    counterexample === undefined
      ? []
      : [
          `          ${excerpt(counterexample.value, counterexample.refusedAt)}  ->  ${counterexample.refusedAt || '/'} ${counterexample.refusal}`,
        ];
  const order = orderText(judgement);
  const accept = `    to accept  accept_breaking: [{ change: "${changeName(judgement)}", reason: …, until: … }]`;
  return [
    `  ${rule}  ${message}`,
    `    at    ${formatPosition(at)}`,
    ...also,
    ...hits,
    ...refused,
    ...(order === undefined ? [] : [`    order ${order}`]),
    ...(fix === undefined ? [] : [`    ${paint.green('fix:')}  ${fix}`]),
    ...(verdict === 'breaking' || verdict === 'unknown' ? [accept] : []),
  ].map(oneLine);
}

/** ` (employee-sync, team-insight)`; nothing where nobody is named. */
export function owners(feature: string, team: string): string {
  const said = [feature, team].filter((text) => text !== '').join(', ');
  return said === '' ? '' : ` (${said})`;
}

function orderLines({ order, system }: Impact, paint: Paint): readonly string[] {
  if (order.tiers.length === 0) return [];
  const releases = Math.max(...order.tiers.map(({ release }) => release));
  const tierLines = (tier: DeployTier): readonly string[] => [
    `  ${tier.tier}  ${paint.bold(tier.services.join(', '))}${releases > 1 ? ` (release ${tier.release})` : ''}: ${tier.why}`,
    ...(tier.pointOfNoReturn === undefined ? [] : [`     ${paint.yellow('no way back')}  ${tier.pointOfNoReturn}`]),
  ];
  return [
    paint.bold(`Order to ship ${system}`),
    ...order.tiers.flatMap(tierLines),
    ...order.splits.map(({ why }) => `  ${paint.yellow('split into two releases')}  ${why}`),
    '',
  ].map(oneLine);
}
