import type { DeployPlan, PlanTier } from '../../compat/plan.js';
import { oneLine } from '../reporter.js';

/**
 * A bash script that deploys tier by tier with Docker Compose, or with `rollback` goes back the same way. The compose file decides images; going back it
 * is asked for those of the tag in PREVIOUS_TAG, which it reads as TAG. `libraries` have no container: they are published, not started.
 */
export function planScript(plan: DeployPlan, libraries: ReadonlySet<string>): string {
  return [
    '#!/usr/bin/env bash',
    comment(`Deploys ${plan.system} in the order that its contracts ask for. Usage: deploy.sh [deploy|rollback]`),
    'set -euo pipefail',
    '',
    'deploy() {',
    ...plan.tiers.flatMap((tier) => [...heading('tier', tier), ...deployLines(tier, libraries)]),
    '}',
    '',
    'rollback() {',
    `  export TAG=\${PREVIOUS_TAG:?name the tag of the images to go back to}`,
    ...plan.rollback.flatMap((tier) => {
      const kept = tier.keep.map(({ service }) => service);
      const services = tier.services.filter((service) => !kept.includes(service));
      return [
        ...heading('back', tier),
        ...tier.keep.map(({ service, why }) => `  ${comment(`${service} stays: ${why}`)}`),
        ...tier.restore.map(
          ({ service, why }) => `  echo ${quoted(`restore the backup of ${service} first: ${why}`)} >&2`,
        ),
        ...(services.length === 0 ? [] : deployLines({ ...tier, services }, libraries, false)),
      ];
    }),
    '}',
    '',
    `case "\${1:-deploy}" in`,
    '  deploy) deploy ;;',
    '  rollback) rollback ;;',
    '  *) echo "usage: $0 [deploy|rollback]" >&2; exit 2 ;;',
    'esac',
    '',
  ].join('\n');
}

function heading(word: string, { tier, services, why }: PlanTier): readonly string[] {
  return ['', `  ${comment(why)}`, `  echo ${quoted(`${word} ${tier}: ${services.join(', ')}`)}`];
}

function deployLines({ services }: PlanTier, libraries: ReadonlySet<string>, build = true): readonly string[] {
  const started = services
    .filter((service) => !libraries.has(service))
    .map(quoted)
    .join(' ');
  return [
    ...services
      .filter((service) => libraries.has(service))
      .map((service) => `  echo ${quoted(`publish ${service}: it has no container`)}`),
    ...(started === '' || !build ? [] : [`  docker compose build ${started}`]),
    ...(started === '' ? [] : [`  docker compose up -d --no-deps --wait ${started}`]),
  ];
}

/** Single quotes take everything but themselves; a name that begins with a dash would be an option. */
function quoted(text: string): string {
  const flat = oneLine(text);
  return `'${(flat.startsWith('-') ? `./${flat}` : flat).replaceAll("'", "'\\''")}'`;
}

function comment(text: string): string {
  return `# ${oneLine(text)}`;
}
