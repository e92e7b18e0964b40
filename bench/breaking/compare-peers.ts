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
  readonly ms: number;
}

/** Rounds of all tools on one pair, so that a slow minute of the machine slows each of them. The first is our own. */
export async function comparePeers(rounds: number): Promise<readonly Found[]> {
  const dir = mkdtempSync(join(tmpdir(), 'seamwright-bench-'));
  try {
    const pair = writePair(dir, 300, 1);
    const tools = comparers();
    const times = new Map(tools.map(({ name }): [string, number[]] => [name, []]));
    const complaints = new Map<string, ReadonlySet<number>>();
    for (let round = 0; round < rounds; round++)
      for (const tool of tools) {
        const { ms, output } = await timed(tool.args(pair), dir);
        times.get(tool.name)?.push(ms);
        complaints.set(tool.name, tool.complaints(output));
      }
    return tools.map(({ name }) => {
      const said = complaints.get(name) ?? new Set<number>();
      const breaking = new Set(pair.planted.flatMap(({ path, rule }) => (rule === undefined ? [] : [path])));
      const breaks = [...breaking].filter((path) => said.has(path)).length;
      const alarms = [...said].filter((path) => !breaking.has(path)).length;
      return { name, breaks, alarms, ms: middle(times.get(name) ?? []) };
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
