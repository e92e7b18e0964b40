import { httpScenario } from './http-scenario.js';

export const httpReset = httpScenario({
  id: 'http-reset',
  title: 'Connections to a provider break before the request arrives.',
  after: ['retries-within-budget', 'effect-once-per-call'],
  simple: [
    (story) => {
      story.trouble('http-reset', { tries: 1 });
      story.request();
    },
    (story) => {
      story.trouble('http-reset');
      story.request();
    },
  ],
  random(story) {
    for (let count = story.random.between(1, 5); count > 0; count--) {
      if (story.random.chance(0.7)) story.trouble('http-reset', { tries: story.random.between(1, 4) });
      story.request({ value: story.random.between(1, 3) });
      story.pause(story.random.pick([0, 20, story.budgetMs]));
    }
  },
});
