import { httpScenario } from './http-scenario.js';
import type { HttpStory } from './http-story.js';

/** Calls that a failure rate is taken over at least. */
const windowMin = 10;

export const breakerOpenHalfOpenClose = httpScenario({
  id: 'breaker-open-half-open-close',
  title: 'A provider fails until it is left alone, and comes back.',
  after: ['breaker-lawful', 'fallback-not-kept'],
  fits: ({ policy }) => policy.circuitBreaker !== undefined,
  simple: [
    (story) => {
      story.goodDay();
      failing(story, 'http-reset', {});
      opened(story);
      backAgain(story);
    },
    (story) => {
      story.goodDay();
      failing(story, 'http-status', { status: 503 });
      opened(story);
      backAgain(story);
    },
    // An answer of 4xx is the caller's to mend: whoever counts it shuts out everybody for one who asks for nonsense.
    (story) => {
      story.goodDay();
      failing(story, 'http-status', { status: refusal(story) });
      story.request();
      story.request();
    },
    // It comes back, fails its probe, and comes back again.
    (story) => {
      story.goodDay();
      failing(story, 'http-reset', {});
      story.pause(openForMs(story) + 10);
      story.trouble('http-reset');
      story.request();
      story.pause(story.budgetMs);
      backAgain(story);
    },
  ],
  random(story) {
    story.goodDay();
    for (let count = story.random.between(1, 4); count > 0; count--) {
      const [fault, fields] = story.random.pick(troubles(story)) ?? ['http-reset', {}];
      failing(story, fault, fields);
      story.pause(story.random.pick([0, openForMs(story) >> 1, openForMs(story) + 10, 2 * openForMs(story)]));
      story.request();
    }
    story.request();
  },
});

function troubles(story: HttpStory): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  return [
    ['http-reset', {}],
    ['http-silence', {}],
    ['http-slow', { byMs: story.budgetMs }],
    ['http-status', { status: 503 }],
    ['http-status', { status: 500 }],
    ['http-status', { status: refusal(story) }],
  ];
}

function failing(story: HttpStory, fault: string, fields: Readonly<Record<string, unknown>>): void {
  const count = (story.out.policy.circuitBreaker?.failureThreshold ?? windowMin) + 1;
  const eachMs = story.budgetMs + 10;
  story.trouble(fault, fields, count * eachMs);
  for (let index = 0; index < count; index++) {
    story.request();
    story.pause(eachMs);
  }
}

/** It must be left alone, by several who come at once, too. */
function opened(story: HttpStory): void {
  story.request();
  story.request();
}

function backAgain(story: HttpStory): void {
  story.pause(openForMs(story) + 10);
  for (let index = 0; index < 3; index++) {
    story.request();
    story.pause(story.budgetMs);
  }
}

function openForMs({ out }: HttpStory): number {
  return out.policy.circuitBreaker?.openForMs ?? 0;
}

/** A refusal that the provider's contract knows. */
function refusal({ out }: HttpStory): number {
  const known = out.definition.replies.map(({ status }) => Number(status));
  return [404, 409, 422, 412, 400].find((status) => known.includes(status)) ?? 404;
}
