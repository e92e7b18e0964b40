import type { RandomStream } from '../../generator/schema/random.js';
import { systemClock } from '../../runtime/clock.js';
import type { Plan, PlannedFault, Step } from '../plan.js';
import type { Subject } from '../subject.js';
import type { LiveWorld } from './live-world.js';

/** What a plan does to the process and to its line. */
export interface LiveTrouble {
  /** Sends the gathered messages in two crowds, and kills the process in the middle of each. */
  killInCrowd(): Promise<void>;
  after(step: Step): Promise<void>;
  /** Heals everything: the process is up and its line is whole. */
  end(): Promise<void>;
}

/** Ways in which a line breaks, one after the other from run to run. */
const ways = ['reset', 'half-open', 'slow', 'end'] as const;

/** Whether a plan kills the service under test while it takes messages. */
export function killsConsumer(plan: Plan, subject: Subject): boolean {
  return plan.faults.some((fault) => kills(fault, subject) && !isOwn(plan, subject, fault.step));
}

function kills({ fault, service }: PlannedFault, subject: Subject): boolean {
  return fault === 'crash' && service === subject.name;
}

/** Whether the service under test does a step itself, because it is asked to. */
function isOwn({ steps }: Plan, subject: Subject, id: string | undefined): boolean {
  const step = steps.find((one) => one.id === id);
  if (step?.do === 'publish') return step.service === subject.name;
  return step?.do === 'change' && subject.code.definition.owned[step.entity] !== undefined;
}

/**
 * Who sees a process from outside cannot choose the point of its work at which it dies: it is killed in a crowd of messages, or right after it has promised to tell
 * something. How many ms after is left to chance.
 */
export function troubleLive(world: LiveWorld, plan: Plan, random: RandomStream): LiveTrouble {
  const { subject, stage, line, process, scratch } = world;
  const deadly = new Set(
    plan.faults.filter((one) => kills(one, subject) && isOwn(plan, subject, one.step)).map(({ step }) => step),
  );
  const cuts = plan.faults.filter((fault) => fault.fault === 'cut');
  const restarts = plan.scenario === 'broker-restart' && scratch.restart !== undefined;
  const cutAfter =
    cuts.length > 0 ? plan.steps[random.between(0, Math.max(0, Math.floor(plan.steps.length / 2)))]?.id : undefined;
  let killed = false;
  let healed: Promise<void> = Promise.resolve();

  const struck = (fault: string, words: string): void =>
    stage?.witness.see(subject.name, undefined, { kind: 'fault', fault, words });

  async function kill(when: string): Promise<void> {
    struck('crash', `the process is killed (SIGKILL) ${when}`);
    stage?.witness.see(subject.name, undefined, { kind: 'crashed' });
    await process.kill();
  }

  async function revive(): Promise<void> {
    if (process.running) return;
    await process.start();
    stage?.witness.see(subject.name, undefined, { kind: 'started' });
  }

  async function cut(): Promise<void> {
    const way = random.pick(ways) ?? 'reset';
    const forMs = random.between(100, 500);
    struck('cut', `the line to the broker breaks (${way}) for ${forMs} ms`);
    if (way === 'half-open') line.fail({ halfOpen: true });
    else if (way === 'slow') line.fail({ latencyMs: 120 });
    else {
      line.fail({ refuse: true });
      line.cut(way);
    }
    healed = systemClock.sleep(forMs).then(() => {
      if (way === 'half-open') line.cut('reset');
      line.fail({});
    });
  }

  return {
    async after(step) {
      if (step.id === cutAfter) {
        if (restarts) {
          struck('cut', 'the broker is killed and started again');
          await scratch.restart?.();
        } else await cut();
      }
      if (killed || !deadly.has(step.id)) return;
      killed = true;
      await systemClock.sleep(random.between(0, 5));
      await kill(`right after it has promised ${step.id}`);
    },
    async killInCrowd() {
      const crowd = Math.ceil((stage?.gathered ?? 0) / 2);
      while (stage !== undefined && stage.gathered > 0) {
        const sent = stage.burst(crowd);
        await systemClock.sleep(random.between(2, 60));
        await kill('amid its messages');
        await sent;
        await revive();
      }
    },
    async end() {
      await healed;
      await revive();
    },
  };
}
