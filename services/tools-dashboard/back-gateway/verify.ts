import type { FlowDriver } from 'seamwright/harness';
import { register } from '../shared/people.js';

/** How the flow begins; see docs/guides/flows.md. */
export const flows: Readonly<Record<string, FlowDriver>> = {
  async register(hands) {
    const first = await register(hands, 'ada');
    hands.expect('somebody registers', first.status === 201);
    const again = await register(hands, 'ada');
    hands.expect(
      'the same request again gives the same user',
      JSON.stringify(again.body) === JSON.stringify(first.body),
    );
  },
};
