import type { Model, Resource } from '../../model/types.js';
import { type Reach, reachOf } from '../reach.js';
import type { Rule } from '../rule.js';

/** A database belongs to the service named as its `owner`; without an owner to the only service that reaches it. */
export const noForeignDatabase: Rule = {
  id: 'no-foreign-database',
  severity: 'error',
  title: 'A service reads and writes only its own database.',
  why: 'Two services on one database share a table layout without a contract: a migration of one breaks the other, and no event tells of a change.',
  fix: 'Let the owner publish an entity and keep a copy, or call an operation of the owner.',
  requirements: ['EP-06', 'EP-39', 'EP-73'],
  *check(model) {
    for (const resource of model.resources.values()) {
      if (resource.type !== 'database') continue;
      const users = usersOf(model, resource);
      const owner = ownerOf(model, resource, users);
      for (const user of users) {
        if (user.from === owner) continue;
        yield {
          at: user.at,
          message: `"${user.from}" ${user.how} database "${resource.name}", which belongs to "${owner}".`,
          subject: `service:${user.from} database:${resource.name}`,
          related: [{ at: resource.at, message: `"${resource.name}" is declared here` }],
          fix: `let "${owner}" publish the entity and add "${user.from}" to its consumers, or call an operation of "${owner}".`,
        };
      }
    }
  },
};

/** The first place for each service, in the order of the model. */
function usersOf(model: Model, resource: Resource): readonly Reach[] {
  return [...model.services.keys()].flatMap((service) => {
    const reach = reachOf(model, service).find((each) => each.to === resource.name);
    return reach === undefined ? [] : [reach];
  });
}

/** An owner that is a team says nothing about services. Without one, a repository comes before others, else the first user in the alphabet. */
function ownerOf(model: Model, resource: Resource, users: readonly Reach[]): string | undefined {
  if (resource.owner !== undefined && model.services.has(resource.owner)) return resource.owner;
  const repository = users.find((user) => model.services.get(user.from)?.role === 'repository');
  return (repository ?? users[0])?.from;
}
