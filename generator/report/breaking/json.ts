import type { Bump } from '../../compat/bump.js';
import { changeName } from '../../compat/change-name.js';
import type { Judgement } from '../../compat/judgement.js';
import type { Finding } from '../../diagnostics/finding.js';
import { summarise } from '../reporter.js';
import { countsOf } from './counts.js';
import { findingsOf } from './findings.js';
import type { BreakingReporter, Comparison } from './run.js';

/** For a program: one document. Fields may be added, never renamed. */
export const breakingJson: BreakingReporter = (run) => {
  const impacts = run.comparisons.flatMap(({ impact }) => impact ?? []);
  const listed = run.comparisons.flatMap(({ system, impact, findings }) => [
    ...findings.map(plain),
    ...(impact?.judgements ?? []).map((judgement) => judged(judgement, system)),
    ...(impact?.findings ?? []).map(plain),
  ]);
  const bumps = impacts.flatMap(({ system, bumps: each }) => each.map((bump) => ({ system, bump })));
  const document = {
    findings: [...run.findings.map(plain), ...listed],
    waived: impacts.flatMap(({ system, waived }) =>
      waived.map(({ judgement, feature, reason, until, approvedBy }) => ({
        ...judged(judgement, system),
        waiver: { feature, reason, until, approvedBy },
      })),
    ),
    requiredBumps: bumps
      .filter(({ bump }) => bump.kind === 'feature')
      .map(({ system, bump }) => ({ system, feature: bump.name, ...versions(bump) })),
    otherBumps: bumps
      .filter(({ bump }) => bump.kind !== 'feature')
      .map(({ system, bump }) => ({ system, kind: bump.kind, name: bump.name, ...versions(bump) })),
    deployOrder: impacts.flatMap(({ system, order }) => order.tiers.map((tier) => ({ ...tier, system }))),
    rollbackOrder: impacts.flatMap(({ system, order }) => order.rollback.map((tier) => ({ ...tier, system }))),
    splits: impacts.flatMap(({ system, order }) => order.splits.map((split) => ({ ...split, system }))),
    workspaces: run.comparisons.map(workspace),
    summary: { ...summarise(findingsOf(run)), ...countsOf(run) },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
};

function workspace({ system, folder, against, note, isNew }: Comparison) {
  return { system, folder, against, note, new: isNew };
}

function versions({ from, to, is, done, level, because, leaves }: Bump) {
  return { from, to, is, done, level, because, leaves: leaves.map(({ consumer, range }) => ({ consumer, range })) };
}

function plain({ rule, severity, message, at, subject, fix, related = [] }: Finding) {
  return {
    rule,
    severity,
    message,
    ...at,
    subject,
    fix,
    related: related.map((place) => ({ ...place.at, message: place.message })),
  };
}

function judged(judgement: Judgement, system: string) {
  const { verdict, level, features, order, writers, readers, affected, breaksStored, counterexample } = judgement;
  return {
    ...plain(judgement),
    verdict,
    level,
    system,
    feature: features[0],
    features,
    pointer: judgement.pointer,
    change: changeName(judgement),
    order,
    writers,
    readers,
    affected,
    breaksStored,
    ...(counterexample === undefined
      ? {}
      : {
          counterexample: counterexample.value,
          refusal: {
            at: counterexample.refusedAt,
            message: counterexample.refusal,
            writtenBy: counterexample.writtenBy,
          },
        }),
  };
}
