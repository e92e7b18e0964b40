import type { DeployPlan, PlanTier } from '../../compat/plan.js';
import { cell, code } from '../markdown.js';

/** For a page or a comment: two numbered lists. */
export function planMarkdown(plan: DeployPlan): string {
  const head = ({ tier, services, why }: PlanTier): string => `${tier}. ${services.map(code).join(', ')}: ${cell(why)}`;
  return [
    `### Deploy ${cell(plan.system)}`,
    '',
    ...plan.tiers.flatMap((tier) => [
      head(tier),
      ...(tier.pointOfNoReturn === undefined ? [] : [`   - **No way back:** ${cell(tier.pointOfNoReturn)}`]),
      ...(tier.strategies ?? []).flatMap(({ name, services, steps }) => [
        `   - ${cell(name)} for ${services.map(code).join(', ')}`,
        ...steps.map((step) => `     - ${cell(step)}`),
      ]),
    ]),
    '',
    ...plan.splits.flatMap((split) => [
      `- **Split into two releases.** ${cell(split.why)}`,
      ...split.expand.map((step) => `  - expand: ${cell(step)}`),
      ...split.contract.map((step) => `  - contract: ${cell(step)}`),
    ]),
    ...(plan.splits.length > 0 ? [''] : []),
    `### Roll back ${cell(plan.system)}`,
    '',
    ...plan.rollback.flatMap((tier) => [
      head(tier),
      ...tier.restore.map(({ service, why }) => `   - restore the backup of ${code(service)}: ${cell(why)}`),
      ...tier.keep.map(({ service, why }) => `   - leave ${code(service)}: ${cell(why)}`),
    ]),
    '',
  ].join('\n');
}
