import type { Rule } from '../rule.js';

/** Compares version and role between services.yaml and every feature that repeats them. */
export const serviceContradiction: Rule = {
  id: 'service-contradiction',
  severity: 'error',
  title: 'All files agree about the version and the role of a service.',
  why: 'Ranges, roles and deploy tiers follow from one of the two values, and which one depends on the order of files.',
  fix: 'Keep the fact in services.yaml only.',
  requirements: ['TD-83', 'TD-84'],
  *check(model) {
    for (const service of model.services.values()) {
      for (const fact of ['version', 'role'] as const) {
        const [first, ...others] = service.mentions.filter((mention) => mention[fact] !== undefined);
        for (const other of others) {
          if (first === undefined || other[fact] === first[fact]) continue;
          yield {
            at: other.at,
            message: `"${service.name}" has ${fact} "${other[fact]}" here and "${first[fact]}" elsewhere.`,
            subject: `service:${service.name} ${fact}`,
            related: [{ at: first.at, message: `${fact} "${first[fact]}"` }],
            fix: `take ${fact}: ${other[fact]} out here, or correct services.yaml.`,
          };
        }
      }
    }
  },
};
