import { scenariosOf, verifyService } from 'seamwright/harness';
import { describe, it } from 'vitest';

const subject = { workspace: 'test/cases/emit/08-commands-jobs-sagas', service: 'mail' };
const scenarios = await scenariosOf(subject);

/** One test for each way in which things can go wrong here; a failure tells the shortest story that breaks a promise. */
describe.skipIf(scenarios.length === 0)('mail keeps its contracts', () => {
  it.each(scenarios)('%s', { timeout: 120_000 }, async (scenario) => {
    await verifyService({ ...subject, scenarios: [scenario] });
  });
});
