import { requestScenario } from './operations-in.js';

const impostors = ['nobody', 'stranger'];

export const wrongCaller = requestScenario({
  id: 'wrong-caller',
  title: 'Somebody calls without credentials, or with a token that nobody knows.',
  after: ['only-known-callers'],
  fits: ({ definition }) => definition.definition.security.length > 0,
  none: 'no operation is secured',
  plan(story, index) {
    const as = impostors[index];
    if (as !== undefined) {
      story.request({ as });
      return true;
    }
    for (let count = story.random.between(2, 5); count > 0; count--) {
      story.request(story.random.chance(0.5) ? { as: story.random.pick(impostors) ?? 'nobody' } : {});
      story.pause(story.random.pick([0, 5]));
    }
    return true;
  },
});
