import { expect } from 'vitest';
import { startWorld, type World, type WorldOptions } from '../world/world.js';

/** One promise of the runtime under attack. Fails by throwing, so that a broken runtime can be shown to fail it. */
export interface Scenario {
  readonly name: string;
  /** True when no time has to pass: it may then run on stores that do real work. */
  readonly timeless: boolean;
  readonly options: () => WorldOptions;
  readonly play: (world: World) => Promise<void>;
}

/** Runs a scenario in a world of its own; `over` has the last word about the world. */
export async function playScenario(scenario: Scenario, over: WorldOptions = {}): Promise<void> {
  const world = await startWorld({ ...scenario.options(), ...over });
  try {
    await scenario.play(world);
  } finally {
    await world.stop();
  }
}

export function scenario(
  name: string,
  options: () => WorldOptions,
  play: (world: World) => Promise<void>,
  kind: 'timeless' | 'timed' = 'timeless',
): Scenario {
  return { name, options, play, timeless: kind === 'timeless' };
}

/** The name in surveys' copy of an employee; null when there is none. */
export async function nameOf(world: World, id = 'e1'): Promise<string | null> {
  return (await world.run(world.surveys.copies.SyncedEmployee.get(id)))?.fullName ?? null;
}

/** How often the handler's effect is in the store. */
export async function tally(world: World, id = 'e1', surveys = world.surveys): Promise<number> {
  return (await world.run(surveys.transaction((tx) => tx.Tally.get(id))))?.count ?? 0;
}

export async function expectName(world: World, name: string | null, id = 'e1'): Promise<void> {
  expect(await nameOf(world, id)).toBe(name);
}
