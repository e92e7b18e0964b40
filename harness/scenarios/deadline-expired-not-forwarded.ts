import { httpScenario } from './http-scenario.js';

export const deadlineExpiredNotForwarded = httpScenario({
  id: 'deadline-expired-not-forwarded',
  title: 'Whoever asked stops waiting before everything that was asked for is done.',
  after: ['calls-have-deadlines'],
  simple: [
    // It is over when it comes.
    (story) => void story.request({ deadlineMs: 1 }),
    (story) => {
      story.trouble('http-slow', { byMs: 20 });
      story.request({ deadlineMs: 10 });
    },
    // Over while the call waits to be tried again.
    (story) => {
      story.trouble('http-status', { status: 503 });
      story.request({ deadlineMs: 60 });
    },
  ],
  random(story) {
    for (let count = story.random.between(1, 4); count > 0; count--) {
      const fault = story.random.pick(['http-slow', 'http-status', 'http-reset']) ?? 'http-slow';
      const fields = {
        'http-slow': { byMs: story.random.between(1, 60) },
        'http-status': { status: 503 },
        'http-reset': {},
      };
      if (story.random.chance(0.7))
        story.trouble(fault, Reflect.get(fields, fault) as Readonly<Record<string, unknown>>);
      story.request({ deadlineMs: story.random.between(1, 120) });
      story.pause(story.random.pick([0, 1, 30]));
    }
  },
});
