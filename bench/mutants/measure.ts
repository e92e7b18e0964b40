import process from 'node:process';
import { parseArgs } from 'node:util';
import { violationsOf } from '../../harness/invariants/registry.js';
import { type Hunt, hunt } from '../../harness/mutants/hunt.js';
import { withIdleHandlers } from '../../harness/mutants/idle-handlers.js';
import { mutants } from '../../harness/mutants/registry.js';
import { foundByShape } from '../../harness/mutants/shape-check.js';
import { scenarios } from '../../harness/scenarios/registry.js';
import { planFor } from '../../harness/search.js';
import { simulate } from '../../harness/simulate.js';
import type { Subject } from '../../harness/subject.js';
import { loadSystem, type SystemUnderTest } from '../../harness/system.js';
import { NeedsSqlError } from '../../harness/world/virtual-store.js';
import { round, speedOf, speedOnSql, usedMs } from './speed.js';

// Run by `../mutants.ts`, which says what it measures.

const { values } = parseArgs({
  options: {
    format: { type: 'string', default: 'text' },
    only: { type: 'string', multiple: true },
    seeds: { type: 'string', default: '5' },
    budget: { type: 'string', default: '500' },
    reference: { type: 'string', default: '20000' },
    speed: { type: 'string', default: '3000' },
    sql: { type: 'string', default: '30' },
  },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1);
const wanted = mutants.filter(
  ({ id, number }) => values.only?.some((one) => one === id || Number(one) === number) ?? true,
);
const text = values.format === 'text';

const systems = new Map<string, SystemUnderTest>();
const startedAt = performance.now();
const results = [];
for (const mutant of wanted) {
  const subjects = await Promise.all(mutant.on.map((place) => subjectAt(place, mutant.strikes.includes('client'))));
  const hunts: (Hunt & { readonly seed: number })[] = [];
  for (const seed of seeds) {
    const { plan: _, ...found } = await hunt(mutant, subjects, { seed, budget: Number(values.budget) });
    hunts.push({ seed, ...found });
  }
  const { number, id, title, patches } = mutant;
  const killed = hunts.every((one) => one.killed);
  const shape = await foundByShape(mutant, subjects);
  results.push({ number, id, title, patches, killed, shape, seeds: hunts });
  if (text) {
    const [first] = hunts.filter((one) => one.killed);
    const found =
      first === undefined
        ? `otherwise: ${hunts[0]?.otherwise?.join(', ') ?? '-'}`
        : `${first.invariant}, ${first.messages} messages, ${first.faults} faults`;
    const schedules = hunts.map((one) => one.schedules).sort((a, b) => a - b);
    console.log(
      `${String(number).padStart(2)} ${id.padEnd(34)} ${hunts.filter((one) => one.killed).length}/${seeds.length}  ${String(median(schedules)).padStart(4)} (${schedules.at(-1)})  ${found}${shape ? ', shape' : ''}`,
    );
  }
}
const reference = await playReference(Number(values.reference));
const bar = (performance.now() - startedAt) / 1000;
const places = [...new Set(mutants.flatMap(({ on }) => on))];
const speed = await speedOf(await Promise.all(places.map((place) => subjectAt(place))), Number(values.speed));
const sql = await speedOnSql(await subjectAt('dhanman/sales'), Number(values.sql));
const killedHunts = results.flatMap(({ seeds: hunts }) => hunts.filter((one) => one.killed));
const summary = {
  mutants: results.length,
  killed: results.filter(({ killed }) => killed).length,
  shapeOnly: results.filter(({ shape }) => shape).length,
  falseAlarms: reference.falseAlarms,
  referenceSchedules: reference.schedules,
  medianMessages: median(killedHunts.map(({ messages = 0 }) => messages)),
  medianFaults: median(killedHunts.map(({ faults = 0 }) => faults)),
  schedulesPerSecond: Math.round(reference.schedules / Math.max(reference.seconds, 0.001)),
  processorPerScheduleMs: round(reference.processorMs / Math.max(reference.schedules, 1)),
  tenMessages: speed,
  tenMessagesSql: sql,
};
if (text) {
  console.log(
    `\n${summary.killed} of ${summary.mutants} mutants found on ${seeds.length} of ${seeds.length} seeds; shrunk plans: ${summary.medianMessages} messages, ${summary.medianFaults} faults (medians)`,
  );
  console.log(`${summary.shapeOnly} of them are found by a check of shapes alone`);
  console.log(
    `${summary.falseAlarms} false alarms in ${summary.referenceSchedules} schedules of services without mistakes, ${summary.schedulesPerSecond} schedules/s, ${summary.processorPerScheduleMs} ms of processor time each`,
  );
  console.log(`${bar.toFixed(1)} s`);
  console.log(
    `10 messages: ${speed.schedulesPerSecond} schedules/s, ${speed.processorPerScheduleMs} ms of processor time each; on an embedded database ${sql.schedulesPerSecond} schedules/s`,
  );
} else console.log(JSON.stringify({ summary, mutants: results }));
process.exitCode = summary.killed < summary.mutants * 0.95 || summary.falseAlarms > 0 ? 1 : 0;

async function subjectAt(place: string, withOwnCode = false): Promise<Subject> {
  const [system = '', service = ''] = place.split('/');
  const loaded = systems.get(system) ?? (await loadSystem({ workspace: `contracts/${system}`, cwd: process.cwd() }));
  systems.set(system, loaded);
  // Calls begin in the user's own operations.
  const subject = loaded.subject(service);
  return withOwnCode ? subject : withIdleHandlers(subject);
}

/** Services as they are, in every scenario, with seeds that no mutant was hunted with. */
async function playReference(wantedSchedules: number) {
  const places = [...new Set(mutants.flatMap(({ on }) => on))];
  const subjects = await Promise.all(
    places.map(async (place) => ({ idle: await subjectAt(place), whole: await subjectAt(place, true) })),
  );
  const alarms: string[] = [];
  const raise = (alarm: string): void => {
    alarms.push(alarm);
    if (text) console.log(`false alarm: ${alarm}`);
  };
  let schedules = 0;
  const begun = performance.now();
  const processor = process.cpuUsage();
  for (let index = 0; schedules < wantedSchedules && index < 5_000; index++) {
    for (const { idle, whole } of subjects) {
      for (const scenario of scenarios.filter(({ enumerates }) => enumerates !== true || index < 60)) {
        const targets = scenario.targets(whole);
        if ('none' in targets) continue;
        for (const target of targets) {
          // Handlers that do nothing need no SQL; requests are answered by the user's own operations.
          const subject = /^(client|operation):/.test(target.id) ? whole : idle;
          const plan =
            schedules < wantedSchedules
              ? planFor(subject, scenario, target, index, { seed: 1_000, level: 'sim' })
              : undefined;
          if (plan === undefined) continue;
          try {
            const violations = violationsOf(await simulate(subject, plan), subject);
            schedules += 1;
            if (violations[0] !== undefined)
              raise(
                `${subject.system}/${subject.name} ${scenario.id} ${target.id} #${index}: ${violations[0].invariant}: ${violations[0].sentence}`,
              );
          } catch (error) {
            if (!(error instanceof NeedsSqlError)) throw error;
          }
        }
      }
    }
  }
  return {
    schedules,
    falseAlarms: alarms.length,
    seconds: (performance.now() - begun) / 1000,
    processorMs: usedMs(processor),
  };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
