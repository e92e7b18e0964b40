import type { PeopleOperations } from '#generated/http/people/server.gen.js';
import type { PeopleService } from '#generated/http/people/service.gen.js';

/** What people answers. The service is there for its transactions and copies. */
export function peopleOperations(_service: PeopleService): PeopleOperations {
  return {
    listPeople: async () => {
      throw new Error('people: listPeople is not written yet');
    },
    getPerson: async () => {
      throw new Error('people: getPerson is not written yet');
    },
    putPerson: async () => {
      throw new Error('people: putPerson is not written yet');
    },
  };
}
