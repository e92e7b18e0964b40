import { httpScenario } from './http-scenario.js';

export const retryAmplification = httpScenario({
  id: 'retry-amplification',
  title: 'A provider fails for long, and everybody along the chain tries again.',
  after: ['retries-within-budget', 'calls-have-deadlines'],
  simple: [
    (story) => {
      story.trouble('http-status', { status: 503 }, 4 * story.budgetMs);
      story.request();
    },
    (story) => {
      story.trouble('http-reset', {}, 4 * story.budgetMs);
      story.request();
    },
    (story) => {
      story.trouble('http-silence', {}, 4 * story.budgetMs);
      story.request();
    },
  ],
  random(story) {
    const fault = story.random.pick(['http-reset', 'http-silence', 'http-status']) ?? 'http-reset';
    const fields = fault === 'http-status' ? { status: story.random.pick([500, 502, 503, 504]) } : {};
    story.trouble(fault, fields, 4 * story.budgetMs);
    for (let count = story.random.between(1, 6); count > 0; count--) {
      story.request({ value: story.random.between(1, 3) });
      story.pause(story.random.pick([0, 0, 5, story.budgetMs >> 1]));
    }
  },
});
