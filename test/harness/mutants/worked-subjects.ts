import { withIdleHandlers } from '../../../harness/mutants/idle-handlers.js';
import type { Mutant } from '../../../harness/mutants/mutant.js';
import type { Subject } from '../../../harness/subject.js';
import { loadSystem, type SystemUnderTest } from '../../../harness/system.js';

const systems = new Map<string, Promise<SystemUnderTest>>();

/** Services of the worked systems that a mutant is tried on. */
export function subjectsOf({ on, strikes }: Pick<Mutant, 'on' | 'strikes'>): Promise<readonly Subject[]> {
  return Promise.all(
    on.map(async (place) => {
      const [system = '', service = ''] = place.split('/');
      const loading = systems.get(system) ?? loadSystem({ workspace: `contracts/${system}`, cwd: process.cwd() });
      systems.set(system, loading);
      const subject = (await loading).subject(service);
      return strikes.includes('client') ? subject : withIdleHandlers(subject);
    }),
  );
}
