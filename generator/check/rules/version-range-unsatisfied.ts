import semver from 'semver';
import type { Rule } from '../rule.js';

/** Compares each range of `dependencies` with the version of its provider, as npm does; pre-releases count. Providers without a version are not judged. */
export const versionRangeUnsatisfied: Rule = {
  id: 'version-range-unsatisfied',
  severity: 'error',
  title: 'Every dependency range admits the version that its provider has.',
  why: 'The consumer says that it was built against another version: deployed together they speak different contracts.',
  fix: 'Raise the provider, or widen the range after checking the consumer.',
  requirements: ['TD-39', 'TD-46', 'TD-83'],
  *check(model) {
    for (const dependency of model.dependencies) {
      const { consumer, provider, range, at } = dependency;
      if (range === undefined) continue;
      const subject = `dependency:${consumer}->${provider}`;
      if (semver.validRange(range) === null) {
        const message = `"${consumer}" needs "${provider}" in "${range}", which is no version range.`;
        yield { at, message, subject, fix: 'write a range such as ">=1.2.0 <2" or "^1.2.0".' };
        continue;
      }
      const service = model.services.get(provider);
      const version = service?.version;
      if (service === undefined || version === undefined || semver.valid(version) === null) continue;
      if (semver.satisfies(version, range, { includePrerelease: true })) continue;
      yield {
        at,
        message: `"${consumer}" needs "${provider}" in "${range}", but "${provider}" is at ${version}.`,
        subject,
        related: [{ at: service.at, message: `version of "${provider}"` }],
        fix: `raise "${provider}", or write a range that admits ${version} once "${consumer}" works with it.`,
      };
    }
  },
};
