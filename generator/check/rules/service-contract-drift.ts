import semver from 'semver';
import type { Dependency, Feature, Model } from '../../model/types.js';
import type { Rule, Violation } from '../rule.js';

type ServiceFile = Feature['serviceFiles'][number];

/** Compares each per-service feature file with the shared contract of the same name. The service file may narrow, never add or contradict. */
export const serviceContractDrift: Rule = {
  id: 'service-contract-drift',
  severity: 'error',
  title: 'The feature file of a service says nothing that the shared contract does not.',
  why: 'Two descriptions of one feature that disagree: reviewers read one, the service follows the other, and the difference shows in production.',
  fix: 'Bring both files to the same state; the shared contract leads.',
  requirements: ['TD-58', 'TD-84', 'TD-108'],
  *check(model) {
    for (const feature of model.features.values()) {
      if (feature.type === 'service') continue;
      for (const file of feature.serviceFiles) {
        yield* versionDrift(feature, file);
        yield* dependencyDrift(model, feature, file);
        yield* endpointDrift(feature, file);
      }
    }
  },
};

function* versionDrift(feature: Feature, file: ServiceFile): Iterable<Violation> {
  if (file.version === undefined || feature.version === undefined || file.version === feature.version) return;
  yield {
    at: file.at,
    message: `"${file.service}" follows version ${file.version} of feature "${feature.name}", the shared contract is at ${feature.version}.`,
    subject: `feature:${feature.name} service:${file.service} version`,
    related: [{ at: feature.at, message: 'the shared contract' }],
    fix: `write version: ${feature.version} once "${file.service}" follows it.`,
  };
}

function* dependencyDrift(model: Model, feature: Feature, file: ServiceFile): Iterable<Violation> {
  const shared = model.dependencies.filter(
    (each) => each.feature === feature.name && each.consumer === file.service && each.at.file !== file.at.file,
  );
  for (const mine of file.dependencies) {
    const theirs = shared.find((each) => each.provider === mine.provider);
    if (theirs !== undefined && narrows(mine, theirs)) continue;
    const subject = `feature:${feature.name} service:${file.service} dependency:${mine.provider}`;
    if (theirs === undefined) {
      const message = `"${file.service}" depends on "${mine.provider}" here, but not in the shared contract of "${feature.name}".`;
      const fix = `add ${file.service}: [{ ${mine.provider}: "${mine.range ?? '*'}" }] to dependencies of the shared contract.`;
      yield { at: mine.at, message, subject, related: [{ at: feature.at, message: 'the shared contract' }], fix };
    } else {
      const message = `"${file.service}" needs "${mine.provider}" in "${mine.range}" here, the shared contract admits "${theirs.range}" only.`;
      const fix = 'narrow the range here, or widen it in the shared contract.';
      yield { at: mine.at, message, subject, related: [{ at: theirs.at, message: 'the shared contract' }], fix };
    }
  }
}

/** A range that is no range is the business of another rule. */
function narrows(mine: Dependency, theirs: Dependency): boolean {
  if (mine.range === undefined || theirs.range === undefined) return true;
  if (semver.validRange(mine.range) === null || semver.validRange(theirs.range) === null) return true;
  return semver.subset(mine.range, theirs.range, { includePrerelease: true });
}

/** Only where the shared contract lists endpoints at all: most leave them to OpenAPI. */
function* endpointDrift(feature: Feature, file: ServiceFile): Iterable<Violation> {
  const shared = feature.endpoints.filter((each) => each.at.file !== file.at.file);
  if (shared.length === 0) return;
  for (const endpoint of file.endpoints) {
    const other = shared.find((each) => each.method === endpoint.method && each.path === endpoint.path);
    const written = `${endpoint.method} ${endpoint.path}`;
    const subject = `feature:${feature.name} service:${file.service} endpoint:${written}`;
    if (other === undefined) {
      const message = `"${file.service}" has endpoint "${written}" here, but the shared contract of "${feature.name}" does not.`;
      yield {
        at: endpoint.at,
        message,
        subject,
        fix: 'add it to endpoints of the shared contract, or take it out here.',
      };
    } else if (
      other.authRequired !== undefined &&
      endpoint.authRequired !== undefined &&
      other.authRequired !== endpoint.authRequired
    ) {
      const message = `endpoint "${written}" has auth_required: ${endpoint.authRequired} here and ${other.authRequired} in the shared contract.`;
      const related = [{ at: other.at, message: 'the shared contract' }];
      yield { at: endpoint.at, message, subject, related, fix: `write auth_required: ${other.authRequired}.` };
    }
  }
}
