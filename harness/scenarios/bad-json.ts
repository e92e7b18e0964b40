import { httpScenario } from './http-scenario.js';

const bodies = ['{"id":', '<html>Bad gateway</html>', '[]', 'null', '{}', ''];

export const badJson = httpScenario({
  id: 'bad-json',
  title: 'A provider, or something in front of it, answers 200 with what is no answer.',
  after: ['retries-within-budget', 'fallback-not-kept', 'effect-once-per-call'],
  simple: bodies.map((body) => (story) => {
    story.goodDay({ value: 1 });
    story.trouble('http-bad-body', { body });
    story.request({ value: 2 });
    story.pause(story.budgetMs);
    story.request({ value: 2 });
  }),
  random(story) {
    for (let count = story.random.between(1, 4); count > 0; count--) {
      if (story.random.chance(0.7))
        story.trouble('http-bad-body', { body: story.random.pick(bodies), tries: story.random.between(1, 3) });
      story.request({ value: story.random.between(1, 3) });
      story.pause(story.random.pick([0, 20, story.budgetMs, (story.out.policy.cache?.ttlMs ?? 100) + 1]));
    }
  },
});
