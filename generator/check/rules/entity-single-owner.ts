import type { Rule } from '../rule.js';
import { quoted } from '../wording.js';

/** Compares every declaration of an entity, across features, with the first one. */
export const entitySingleOwner: Rule = {
  id: 'entity-single-owner',
  severity: 'error',
  title: 'An entity has exactly one owner in the whole workspace.',
  why: 'Two owners both publish versions of the same row. No consumer can tell which of two versions is newer, so copies end in either state.',
  fix: 'Keep one owner and let the other service keep a copy.',
  requirements: ['EP-17', 'EP-40'],
  *check(model) {
    for (const entity of model.entities.values()) {
      const [first] = entity.declarations;
      if (first === undefined) continue;
      const rivals = entity.declarations.filter((each) => each.owner !== first.owner);
      for (const owner of new Set(rivals.map((each) => each.owner))) {
        const places = rivals.filter((each) => each.owner === owner);
        yield {
          at: first.at,
          message: `entity "${entity.name}" is owned by ${quoted([first.owner, owner]).replace(' and ', ' and by ')}.`,
          subject: `entity:${entity.name}`,
          related: places.map((each) => ({ at: each.at, message: '' })),
          fix: `keep one owner; let "${owner}" keep a copy (consumers: [${owner}]).`,
        };
      }
    }
  },
};
