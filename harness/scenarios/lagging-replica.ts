import { httpScenario } from './http-scenario.js';

export const laggingReplica = httpScenario({
  id: 'lagging-replica',
  title:
    'A provider reads from a replica that has not heard of what exists: it answers 404, and finds it the next time.',
  after: ['retries-within-budget', 'effect-once-per-call', 'fallback-not-kept'],
  fits: ({ definition }) =>
    definition.definition.method === 'GET' && definition.replies.some(({ status }) => status === '404'),
  simple: [
    (story) => {
      story.trouble('http-status', { status: 404, tries: 1 });
      const value = 1;
      story.request({ value });
      story.pause(story.budgetMs);
      story.request({ value });
    },
  ],
  random(story) {
    for (let count = story.random.between(1, 4); count > 0; count--) {
      if (story.random.chance(0.6)) story.trouble('http-status', { status: 404, tries: story.random.between(1, 3) });
      story.request({ value: story.random.between(1, 2) });
      story.pause(story.random.pick([0, 20, story.budgetMs, (story.out.policy.cache?.ttlMs ?? 0) + 1]));
    }
  },
});
