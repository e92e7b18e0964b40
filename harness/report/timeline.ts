import type { Happening, Row, Run } from '../history.js';
import type { Violation } from '../invariants/invariant.js';
import type { TimelineLine } from '../result.js';

/** What happened in a run, one line each, without what only the runtime cares about. */
export function timelineOf(run: Run, violation: Violation | undefined): readonly TimelineLine[] {
  const names = namesOf(run);
  const broken = violation?.at;
  return run.happenings.flatMap((happening) => {
    const line = lineOf(happening, names);
    return line === undefined ? [] : [happening === broken ? { ...line, broken: true as const } : line];
  });
}

/** Entities of a plan have long ids: they are shown by the key that the plan gives them. */
function namesOf(run: Run): (text: string) => string {
  const names = new Map<string, string>();
  for (const happening of run.happenings) {
    if (happening.kind !== 'owned' || happening.step === undefined) continue;
    const step = run.plan.steps.find(({ id }) => id === happening.step);
    if (step !== undefined && 'key' in step) names.set(happening.id, step.key);
  }
  return (text) => names.get(text) ?? text.slice(0, 8);
}

function lineOf(happening: Happening, name: (id: string) => string): TimelineLine | undefined {
  const { at, service, step } = happening;
  const line = (what: string, more: Partial<TimelineLine> = {}): TimelineLine => ({
    ms: Math.round(at),
    service,
    ...(step !== undefined && { step }),
    kind: happening.kind,
    what,
    ...more,
  });
  switch (happening.kind) {
    case 'owned': {
      const { entity, id, version, deleted } = happening;
      return line(`${entity} ${name(id)} ${deleted ? 'deleted' : 'changed'}, v${version.sequence}`);
    }
    case 'published': {
      const { messageId, type } = happening;
      return line(`${type} (${step ?? messageId.slice(0, 8)}) published`, { message: { id: messageId, type } });
    }
    case 'publish-failed':
      return line(`${happening.type} (${step ?? ''}) could not be published`);
    case 'delivered': {
      const { messageId, type, attempt } = happening;
      const again = attempt > 1 ? `, delivery ${attempt}` : '';
      return line(`${type} (${step ?? messageId.slice(0, 8)}) arrives${again}`, {
        message: { id: messageId, type, to: service },
      });
    }
    case 'copied': {
      const { entity, id, before, after, outcome } = happening;
      return line(`${entity} ${name(id)} ${outcome}`, { row: `${shownRow(before)} -> ${shownRow(after)}` });
    }
    case 'dropped':
      return line(`${happening.table} ${name(happening.id)} left as it is: ${happening.outcome}`);
    case 'handled':
      return line(`${happening.consumer} handled ${step ?? happening.messageId.slice(0, 8)}`);
    case 'handler-failed':
      return line(`${happening.consumer} failed: ${happening.error}`);
    case 'parked':
      return line(`${step ?? ''} waits for ${happening.waitsFor.entity} ${name(happening.waitsFor.id)}`);
    case 'released':
      return line(`${step ?? ''} waits no longer`);
    case 'settled':
      return line(`${step ?? happening.messageId.slice(0, 8)} ${settledWords(happening)}`);
    case 'called': {
      const { operation, status, error, tookMs } = happening;
      return line(`calls ${operation}: ${status ?? error ?? ''} after ${Math.round(tookMs)} ms`);
    }
    case 'did':
      return happening.error === undefined ? undefined : line(`${step ?? ''} was refused: ${happening.error}`);
    case 'fault':
      return line(`fault: ${happening.words}`);
    case 'crashed':
      return line('the process dies');
    case 'started':
      return at === 0 ? undefined : line('the process is back');
    case 'uncaught':
      return line(`nobody caught: ${happening.error}`);
    case 'leaked':
      return line(`reached out of the simulation: ${happening.what}`);
    case 'healed':
      return line('from here on nothing fails any more');
    case 'restless':
      return line('it does not come to rest');
    case 'promised':
    case 'stopped':
    case 'at-rest':
      return undefined;
  }
}

function settledWords(settled: Extract<Happening, { kind: 'settled' }>): string {
  if (settled.how === 'acked') return 'acknowledged';
  if (settled.how === 'retried') return `to be tried again in ${Math.round(settled.delayMs ?? 0)} ms`;
  return `to the dead letters${settled.reason === undefined ? '' : `: ${settled.reason}`}`;
}

function shownRow(row: Row | undefined): string {
  if (row === undefined) return 'none';
  const { sequence } = row.version;
  // Instants are counted in nanoseconds: their milliseconds within the run are enough to tell them apart.
  const version = sequence > 1_000_000_000_000n ? `${Number((sequence / 1_000_000n) % 100_000n)} ms` : `v${sequence}`;
  return `${row.deleted ? 'deleted' : 'live'} (${version})`;
}
