import type { Emitter } from '../emitter.js';
import { Imports, importLines } from '../imports.js';
import { jobsOf, jobView } from '../jobs.js';
import { servicesToEmit } from '../service-facts.js';

/** `<service>/jobs.gen.ts`: when each job runs, and the type of what the user writes for it. */
export const jobs: Emitter = {
  name: 'jobs',
  summary: 'jobs of each service with the types of their functions',
  *plan(input) {
    for (const facts of servicesToEmit(input.model)) {
      const [first] = facts.jobs;
      if (first === undefined) continue;
      const imports = new Imports();
      const views = jobsOf(facts).map((job) => jobView(input, facts, job, imports));
      imports.type(`${facts.pascal}Transaction`, './producers.gen.js');
      const handlers = ['ItemJobHandler', 'JobHandler'].filter((name) =>
        views.some(({ handler }) => handler.startsWith(`${name}<`)),
      );
      const needsDefault = views.some(({ lines }) => lines.some((line) => line.includes('defaultRetry')));
      yield {
        base: 'output',
        path: `${facts.service.name}/jobs.gen.ts`,
        ownership: 'owned',
        source: first.at.file,
        emitter: this.name,
        template: 'jobs',
        view: {
          source: first.at.file,
          service: facts.service.name,
          runtimeTypes: [...handlers, 'JobDefinition'].sort().join(', '),
          needsDefault,
          imports: importLines(imports),
          jobs: views,
          jobsType: `${facts.pascal}Jobs`,
        },
      };
    }
  },
};
