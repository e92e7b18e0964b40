import { httpScenario } from './http-scenario.js';
import type { HttpStory } from './http-story.js';

export const bulkheadFull = httpScenario({
  id: 'bulkhead-full',
  title: 'More requests come at once than a slow provider can be asked for.',
  after: ['bulkhead-holds', 'calls-have-deadlines'],
  fits: ({ policy }) => policy.bulkhead !== undefined,
  simple: [(story) => crowd(story, 2), (story) => crowd(story, 0)],
  random: (story) => crowd(story, story.random.between(-3, 5)),
});

function crowd(story: HttpStory, more: number): void {
  const { concurrentMax, queueMax } = story.out.policy.bulkhead ?? { concurrentMax: 1, queueMax: 0 };
  const byMs = Math.floor(story.out.policy.timeoutMs * 0.7);
  story.trouble('http-slow', { byMs }, story.budgetMs + byMs);
  for (let index = 0; index < concurrentMax + queueMax + more; index++) story.request();
  story.pause(story.budgetMs + byMs);
  story.request();
}
