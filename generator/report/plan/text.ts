import pc from 'picocolors';
import type { DeployPlan, PlanTier, RollbackTier } from '../../compat/plan.js';
import { oneLine } from '../reporter.js';

/** For a person: each way one line per tier, with what to mind below. */
export function planText(plan: DeployPlan, color: boolean): string {
  const paint = pc.createColors(color);
  const head = ({ tier, services, why }: PlanTier): string => `  ${tier}  ${paint.bold(services.join(', '))}: ${why}`;
  const forth = plan.tiers.flatMap((tier) => [
    head(tier),
    ...(tier.pointOfNoReturn === undefined ? [] : [`     ${paint.yellow('no way back')}  ${tier.pointOfNoReturn}`]),
    ...(tier.strategies ?? []).flatMap(({ name, services, steps }) => [
      `     ${paint.bold(name)} for ${services.join(', ')}`,
      ...steps.map((step) => `       ${step}`),
    ]),
  ]);
  const back = plan.rollback.flatMap((tier: RollbackTier) => [
    head(tier),
    ...tier.restore.map(({ service, why }) => `     ${paint.yellow('restore the backup')} of ${service}: ${why}`),
    ...tier.keep.map(({ service, why }) => `     leave ${service}: ${why}`),
  ]);
  return [
    paint.bold(`Deploy ${plan.system}`),
    ...forth,
    ...plan.splits.flatMap((split) => [
      `  ${paint.yellow('split into two releases')}  ${split.why}`,
      ...split.expand.map((step) => `     expand    ${step}`),
      ...split.contract.map((step) => `     contract  ${step}`),
    ]),
    paint.bold(`Roll back ${plan.system}`),
    ...back,
  ]
    .map(oneLine)
    .join('\n');
}
