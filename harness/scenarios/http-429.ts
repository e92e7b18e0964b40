import { httpScenario } from './http-scenario.js';

export const http429 = httpScenario({
  id: 'http-429',
  title: 'A provider asks its caller to slow down, and says for how long.',
  after: ['retry-after-heeded', 'retries-within-budget'],
  simple: [
    (story) => {
      story.trouble('http-status', { status: 429, retryAfterS: 1, tries: 1 });
      story.request();
    },
    (story) => {
      story.trouble('http-status', { status: 503, retryAfterS: 1, tries: 1 });
      story.request();
    },
  ],
  random(story) {
    for (let count = story.random.between(1, 4); count > 0; count--) {
      story.trouble('http-status', {
        status: story.random.pick([429, 503]),
        retryAfterS: story.random.between(1, 5),
        tries: story.random.between(1, 3),
      });
      story.request({ value: story.random.between(1, 3) });
      story.pause(story.random.pick([0, 20, story.budgetMs]));
    }
  },
});
