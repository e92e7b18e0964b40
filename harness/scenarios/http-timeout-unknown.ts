import { httpScenario } from './http-scenario.js';

export const httpTimeoutUnknown = httpScenario({
  id: 'http-timeout-unknown',
  title: 'A request is carried out and its answer is lost.',
  after: ['effect-once-per-call', 'calls-have-deadlines', 'retries-within-budget'],
  simple: [
    (story) => {
      story.trouble('http-lost-reply', { tries: 1 });
      story.request();
    },
    (story) => {
      story.trouble('http-lost-reply', { tries: 1, silently: true });
      story.request();
    },
    (story) => {
      story.trouble('http-lost-reply', {});
      story.request();
    },
  ],
  random(story) {
    for (let count = story.random.between(1, 4); count > 0; count--) {
      if (story.random.chance(0.7))
        story.trouble('http-lost-reply', {
          tries: story.random.between(1, 3),
          silently: story.random.chance(0.5),
        });
      story.request({ value: story.random.between(1, 3) });
      story.pause(story.random.pick([0, 10, story.budgetMs]));
    }
  },
});
