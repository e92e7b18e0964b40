import type { Subject } from '../subject.js';
import { type OperationIn, requestScenario } from './operations-in.js';

export const flagOff = requestScenario({
  id: 'flag-off',
  title: 'A feature is switched off, and on again, while it is used.',
  after: ['flag-off-means-off'],
  fits: (operation, subject) => flagOf(operation, subject) !== undefined,
  none: 'no operation belongs to a feature with a flag',
  plan(story, index) {
    const flag = flagOf(story.operation, story.subject);
    if (flag === undefined) return false;
    if (index === 0) {
      story.fault({ fault: 'flag-off', flag });
      story.request();
      return true;
    }
    story.request();
    story.pause(100).fault({ fault: 'flag-off', flag, atMs: story.nowMs, forMs: 200 });
    for (let count = story.random.between(1, 3); count > 0; count--) {
      story.request();
      story.pause(story.random.between(1, 60));
    }
    story.pause(200).request();
    return true;
  },
});

function flagOf({ operation }: OperationIn, { model, name }: Subject): string | undefined {
  const features = (model.operations.get(operation)?.features ?? []).flatMap((one) => model.features.get(one) ?? []);
  const flags = features.flatMap(({ flag }) => (flag?.services.includes(name) === true ? [flag.name] : []));
  return flags.length === features.length ? flags[0] : undefined;
}
