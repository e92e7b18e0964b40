import type { Finding } from '../diagnostics/finding.js';
import { type Bump, bumpsOf, type Versioned, versionFindings } from './bump.js';
import type { Judgement } from './judgement.js';
import { type DeployOrder, deployOrder } from './order.js';
import type { Revisions } from './rule.js';
import { applyWaivers, type Waived } from './waivers.js';

/** What a change does to a system: everything that reports of it say. */
export interface Impact {
  readonly system: string;
  /** Breaking first, then unproven, then notices; by place. Waived and safe ones are not among them. */
  readonly judgements: readonly Judgement[];
  readonly waived: readonly Waived[];
  /** How many changes are safe. */
  readonly safe: number;
  /** About waivers, versions and ranges. */
  readonly findings: readonly Finding[];
  readonly bumps: readonly Bump[];
  readonly order: DeployOrder;
}

export interface ImpactInput {
  readonly judgements: readonly Judgement[];
  readonly revisions: Revisions;
  readonly versioned: readonly Versioned[];
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/** Waivers, versions and the order to ship in, from what rules say of each change. */
export function impactOf({ judgements, revisions, versioned, today }: ImpactInput): Impact {
  const { counting, waived, findings } = applyWaivers(judgements, revisions, today);
  const accepted = waived.map(({ judgement }) => judgement);
  // An accepted break is a break for the version all the same; what is unproven and accepted is taken for safe.
  const weighing = [...counting, ...accepted.filter(({ verdict }) => verdict === 'breaking')];
  const insisting = new Set(counting.filter(({ verdict }) => verdict === 'breaking'));
  const bumps = bumpsOf(versioned, weighing, insisting, revisions.after.dependencies);
  const { services } = revisions.after;
  return {
    system: revisions.after.system,
    judgements: counting.filter(({ verdict }) => verdict !== 'safe').sort(byWeight),
    waived,
    safe: counting.filter(({ verdict }) => verdict === 'safe').length,
    findings: [...findings, ...versionFindings(bumps)],
    bumps,
    // An accepted change still has to be shipped in its order.
    order: deployOrder(judgements, (service) => services.get(service)?.role !== 'external'),
  };
}

const WEIGHT = { breaking: 0, unknown: 1, notice: 2, safe: 3 } as const;

function byWeight(a: Judgement, b: Judgement): number {
  return (
    WEIGHT[a.verdict] - WEIGHT[b.verdict] ||
    (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.line - b.at.line || a.at.column - b.at.column)
  );
}
