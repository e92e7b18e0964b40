import type { Story } from '../scenarios/story.js';
import type { MixedEdge } from './edges.js';
import type { Version } from './revisions.js';
import type { MixedScenario } from './scenarios.js';

/** A process is replaced by one of another revision, on the same data and queue. */
export interface Deploy {
  readonly at: number;
  /** `others`: everybody who is not at the edge. */
  readonly end: 'from' | 'to' | 'others';
  readonly version: Version;
  /** Nobody is there for so long, ms. */
  readonly downMs: number;
}

/** Which revision each end of an edge runs at first. */
export interface Start {
  readonly from: Version;
  readonly to: Version;
}

/** One order in which two revisions of two services meet: an entry here. */
export interface Order {
  readonly id: string;
  readonly scenario: MixedScenario;
  readonly start: Start;
  /** Which revision's messages the other one has to read. */
  readonly reads: 'old-reads-new' | 'new-reads-old';
  words(from: string, to: string): string;
  /** Why it cannot come about on an edge; undefined when it can. Default: it always can. */
  unfit?(edge: MixedEdge): string | undefined;
  /** Faults without which it would be another order: shrinking leaves them in. Default: none. */
  readonly needs?: readonly string[];
  /** What has to be done besides keeping to an order of deployment, as a sentence; where no order helps by itself. */
  advice?(to: string): string;
  /** Writes the messages into the story; answers with what is deployed meanwhile. */
  write(story: Story, messages: () => void): readonly Deploy[];
}

/** Long enough that what is told meanwhile lies in the queue. */
const downMs = 250;

/** Everything goes back to the old revision at once. */
function allBack(at: number): readonly Deploy[] {
  return (['from', 'others', 'to'] as const).map((end) => ({ at, end, version: 'old', downMs }));
}

export const orders: readonly Order[] = [
  {
    id: 'new-writer',
    scenario: 'mixed-versions',
    start: { from: 'new', to: 'old' },
    reads: 'old-reads-new',
    words: (from, to) => `new ${from} beside old ${to}`,
    write(_, messages) {
      messages();
      return [];
    },
  },
  {
    id: 'new-reader',
    scenario: 'mixed-versions',
    start: { from: 'old', to: 'new' },
    reads: 'new-reads-old',
    words: (from, to) => `old ${from} beside new ${to}`,
    write(_, messages) {
      messages();
      return [];
    },
  },
  {
    id: 'reader-back',
    scenario: 'rollback-order',
    start: { from: 'new', to: 'new' },
    reads: 'old-reads-new',
    words: (from, to) => `${to} is rolled back while messages of new ${from} lie in its queue`,
    write(story, messages) {
      messages();
      const at = story.pause(100).nowMs;
      story.pause(20);
      messages();
      story.pause(downMs);
      messages();
      return [{ at, end: 'to', version: 'old', downMs }];
    },
  },
  {
    id: 'writer-back',
    scenario: 'rollback-order',
    start: { from: 'new', to: 'new' },
    reads: 'new-reads-old',
    words: (from, to) => `${from} is rolled back, then ${to}`,
    write(story, messages) {
      messages();
      const first = story.pause(100).nowMs;
      story.pause(downMs + 100);
      messages();
      const second = story.pause(200).nowMs;
      story.pause(downMs + 100);
      messages();
      return [
        { at: first, end: 'from', version: 'old', downMs },
        { at: second, end: 'to', version: 'old', downMs },
      ];
    },
  },
  {
    id: 'waiting',
    scenario: 'rollback-order',
    start: { from: 'new', to: 'new' },
    reads: 'old-reads-new',
    words: (from, to) => `all are rolled back while messages of new ${from} wait in the store of ${to}`,
    unfit: (edge) => (edge.new.waits.length === 0 ? 'its messages wait for nothing' : undefined),
    advice: (to) => `Before a rollback, let what waits in ${to} come to its end.`,
    write(story) {
      story.tellAlone('e1', 'created');
      const at = story.pause(100).nowMs;
      story.pause(downMs + 100);
      story.refer('e1').pause(50).tell('e1');
      return allBack(at);
    },
  },
  {
    id: 'dead-letters',
    scenario: 'rollback-order',
    start: { from: 'new', to: 'new' },
    reads: 'old-reads-new',
    words: (from, to) => `all are rolled back, then the dead letters are put back that new ${from} left ${to}`,
    needs: ['store-fails', 'replay-dead-letters'],
    advice: (to) => `Before a rollback, replay or drop the dead letters of ${to}.`,
    write(story) {
      for (const key of ['e1', 'e2'])
        story.fault({ fault: 'store-fails', service: story.to, step: story.tell(key, 'created'), how: 'refused' });
      const at = story.pause(100).nowMs;
      story.pause(downMs + 100);
      story.fault({ fault: 'replay-dead-letters', service: story.to, atMs: story.nowMs });
      story.pause(50).tell('e3', 'created');
      return allBack(at);
    },
  },
  {
    id: 'stored',
    scenario: 'old-version-message',
    start: { from: 'old', to: 'old' },
    reads: 'new-reads-old',
    words: (from, to) => `${to} is deployed while messages of old ${from} lie in its queue`,
    write(story, messages) {
      messages();
      const first = story.pause(100).nowMs;
      story.pause(20);
      messages();
      const second = story.pause(downMs + 100).nowMs;
      story.pause(downMs + 100);
      messages();
      return [
        { at: first, end: 'to', version: 'new', downMs },
        { at: second, end: 'from', version: 'new', downMs },
      ];
    },
  },
];
