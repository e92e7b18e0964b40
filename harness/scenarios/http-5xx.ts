import { httpScenario } from './http-scenario.js';

export const http5xx = httpScenario({
  id: 'http-5xx',
  title: 'A provider answers that it cannot.',
  after: ['retries-within-budget', 'effect-once-per-call', 'fallback-not-kept'],
  simple: [
    (story) => {
      story.trouble('http-status', { status: 503 });
      story.request();
    },
    (story) => {
      story.trouble('http-status', { status: 503, tries: 1 });
      story.request();
    },
    (story) => {
      story.request({ value: 1 });
      story.pause((story.out.policy.cache?.ttlMs ?? 0) + story.budgetMs);
      story.trouble('http-status', { status: 503 });
      story.request({ value: 1 });
      story.pause(story.budgetMs);
      story.request({ value: 1 });
    },
  ],
  random(story) {
    for (let count = story.random.between(1, 5); count > 0; count--) {
      if (story.random.chance(0.6))
        story.trouble('http-status', {
          status: story.random.pick([500, 502, 503, 504]),
          tries: story.random.between(1, 4),
        });
      story.request({ value: story.random.between(1, 3) });
      story.pause(story.random.pick([0, 50, story.budgetMs, (story.out.policy.cache?.ttlMs ?? 100) + 1]));
    }
  },
});
