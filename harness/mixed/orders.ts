import type { Story } from '../scenarios/story.js';
import type { Version } from './revisions.js';

/** A process is replaced by one of another revision, on the same data and queue. */
export interface Deploy {
  readonly at: number;
  readonly end: 'from' | 'to';
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
  /** Writes the messages into the story; answers with what is deployed meanwhile. */
  write(story: Story, messages: () => void): readonly Deploy[];
}

export const mixedScenarios = ['mixed-versions', 'rollback-order', 'old-version-message'] as const;
export type MixedScenario = (typeof mixedScenarios)[number];

/** Long enough that what is told meanwhile lies in the queue. */
const downMs = 250;

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
