import { httpScenario } from './http-scenario.js';

export const slowHttp = httpScenario({
  id: 'slow-http',
  title: 'A provider answers later than its caller may wait.',
  after: ['calls-have-deadlines', 'retries-within-budget', 'effect-once-per-call'],
  simple: [
    (story) => {
      story.trouble('http-slow', { byMs: 10 * story.out.policy.timeoutMs });
      story.request();
    },
    (story) => {
      story.goodDay();
      story.trouble('http-silence');
      story.request();
    },
  ],
  random(story) {
    const { policy } = story.out;
    for (let count = story.random.between(1, 4); count > 0; count--) {
      if (story.random.chance(0.5))
        story.trouble('http-slow', { byMs: story.random.between(1, 4) * (policy.timeoutMs >> 1) });
      story.request({ value: story.random.between(1, 3) });
      story.pause(story.random.pick([0, 10, policy.timeoutMs, story.budgetMs]));
    }
  },
});
