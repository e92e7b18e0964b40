import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePair } from './pair.js';
import { comparers } from './peers.js';
import { middle, timed } from './timed.js';

/** What one tool finds of the planted changes, and how long it takes. */
export interface Found {
  readonly name: string;
  readonly breaks: number;
  readonly alarms: number;
  /** The middle one of the times it took. */
  readonly ms: number;
  /** It was stopped at that time, and nothing is known of what it would have found. */
  readonly isCutOff: boolean;
}

/**
 * All tools on one pair. Ours, the first, is timed again beside each peer, so that a slow minute of the machine slows both; the peers take a minute and
 * are timed once.
 */
export async function comparePeers(): Promise<readonly Found[]> {
  const dir = mkdtempSync(join(tmpdir(), 'seamwright-bench-'));
  try {
    const pair = writePair(dir, 300, 1);
    const tools = comparers();
    const [own, ...peers] = tools;
    const turns = own === undefined ? [] : [own, ...peers.flatMap((peer) => [peer, own])];
    const times = new Map(tools.map(({ name }): [string, number[]] => [name, []]));
    const complaints = new Map<string, ReadonlySet<number>>();
    const cutOff = new Set<string>();
    for (const tool of turns) {
      const { ms, output, isCutOff } = await timed(tool.args(pair), dir);
      times.get(tool.name)?.push(ms);
      if (isCutOff) cutOff.add(tool.name);
      else complaints.set(tool.name, tool.complaints(output));
    }
    return tools.map(({ name }) => {
      const said = complaints.get(name) ?? new Set<number>();
      const breaking = new Set(pair.planted.flatMap(({ path, rule }) => (rule === undefined ? [] : [path])));
      const breaks = [...breaking].filter((path) => said.has(path)).length;
      const alarms = [...said].filter((path) => !breaking.has(path)).length;
      return { name, breaks, alarms, ms: middle(times.get(name) ?? []), isCutOff: cutOff.has(name) };
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
