import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryBroker, memoryStore } from 'seamwright/runtime';
import { describe, expect, it } from 'vitest';
import { saga } from '../../generator/cli/commands/saga.js';
import { listCommand } from '../../generator/cli/saga/list.js';
import { settleCommand } from '../../generator/cli/saga/settle.js';
import { showCommand } from '../../generator/cli/saga/show.js';
import type { Saga } from '../../generator/model/types.js';
import { type RunningSystem, runningSystem } from '../../generator/operate/system.js';
import { newRun, statusOf } from '../../runtime/saga/run.js';
import type { SagaRecord } from '../../runtime/stores/saga-rows.js';
import { modelOf } from '../operate/system-model.js';

const PAGE = join(import.meta.dirname, '../../docs/operate.md');
const startedAt = Date.parse('2026-11-21T04:10:00Z');
const secondMs = 1_000;

/** A system whose sales has two runs: one that has ended, and one whose money cannot be paid back. */
async function payments(): Promise<RunningSystem> {
  const model = await modelOf('dhanman');
  const at = model.services.values().next().value?.at;
  if (at === undefined) throw new Error('dhanman has no services');
  const led: Saga = {
    ...{ name: 'process-payment', orchestrator: 'sales', steps: [], invariants: [], at, styleAt: at },
    ...{ style: 'orchestration', feature: 'payment-processing' },
  };
  const sagas = new Map([[led.name, led]]);
  const store = memoryStore();
  const record = (id: string, state: string, more: Partial<SagaRecord['run']> = {}): SagaRecord => ({
    ...{ saga: 'process-payment', id, plan: '4f1c09d2a7be', start: { input: {}, correlationId: 'c-1' } },
    run: { ...newRun, state, ...more },
    ...{ status: statusOf(state), version: 1, startedAt, updatedAt: startedAt + 90 * secondMs, taken: false },
  });
  const failure = { step: 'mark-paid', reason: 'the invoice is paid already' };
  const hindrance = { step: 'charge-card', reason: 'HttpStatusError: payment-gateway.refundCharge answered 503' };
  await store.transaction(async (tx) => {
    const entry = { at: startedAt, event: 'begun', effect: 'noted', state: 'new' } as const;
    await tx.sagas.begin(record('pay-7', 'completed'), entry);
    const stuck = record('pay-8', 'stuck:undo:charge-card', { failure, hindrance, marks: { 'charge-card': 'done' } });
    await tx.sagas.begin(stuck, entry);
    const moves = [
      ['started', undefined, 'do:charge-card', undefined],
      ['succeeded', 'charge-card', 'do:mark-paid', undefined],
      ['failed', 'mark-paid', 'undo:charge-card', failure.reason],
      ['undo-failed', 'charge-card', 'stuck:undo:charge-card', hindrance.reason],
    ] as const;
    for (const [index, [event, step, state, reason]] of moves.entries()) {
      await tx.sagas.move(stuck, index + 1, {
        ...{ at: startedAt + index * 30 * secondMs, event, effect: 'moved', state },
        ...(step !== undefined && { step }),
        ...(reason !== undefined && { reason }),
      });
    }
  });
  const clock = { now: () => startedAt + 300 * secondMs, timer: () => () => {}, sleep: async () => {} };
  return runningSystem({ ...model, sagas }, { broker: memoryBroker(), store: () => store, clock });
}

function terminal(options: Readonly<Record<string, unknown>> = {}, args: readonly string[] = []) {
  const lines: string[] = [];
  const errors: string[] = [];
  const io = {
    ...{ cwd: import.meta.dirname, env: {}, today: '2026-11-21', interactive: false, color: false },
    out: (text: string) => void lines.push(text),
    err: (text: string) => void errors.push(text),
    progress() {},
    elapsedMs: () => 0,
    interrupted: () => new Promise<void>(() => {}),
  };
  return { lines, errors, input: { args, options, io } };
}

describe('seamwright saga', () => {
  it('prints what the page shows', async () => {
    const system = await payments();
    const shown: string[] = [];
    const show = async (
      command: string,
      exitCode: number,
      run: (input: ReturnType<typeof terminal>['input']) => Promise<number>,
      options: Readonly<Record<string, unknown>> = {},
    ) => {
      const { input, lines } = terminal(options);
      expect(await run(input)).toBe(exitCode);
      shown.push(`$ npx seamwright ${command}`, ...lines);
    };
    await show('saga list', 1, (input) => listCommand(input, system, {}));
    await show('saga show pay-8', 1, (input) => showCommand(input, system, {}, 'pay-8'));
    await show('saga retry pay-8', 0, (input) => settleCommand(input, system, {}, 'pay-8', { kind: 'retried' }));
    const page = readFileSync(PAGE, 'utf8');
    const [before, , after] = page.split(/(?<=<!-- saga: test\/cli\/saga\.test\.ts -->\n```text\n)([\s\S]*?)(?=```)/);
    const updated = `${before}${shown.join('\n')}\n${after}`;
    if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, updated);
    expect(updated).toBe(readFileSync(PAGE, 'utf8'));
  });

  it('answers programs in one document, without what a run was started with', async () => {
    const system = await payments();
    const list = terminal({ format: 'json' });
    expect(await listCommand(list.input, system, { status: 'stuck' })).toBe(1);
    const { runs, more } = JSON.parse(list.lines.join('\n'));
    expect(more).toBe(false);
    expect(runs).toMatchObject([
      { service: 'sales', saga: 'process-payment', id: 'pay-8', status: 'stuck', failure: { step: 'mark-paid' } },
    ]);
    expect(runs[0]).not.toHaveProperty('input');
    const one = terminal({ format: 'json' });
    expect(await showCommand(one.input, system, {}, 'pay-7')).toBe(0);
    expect(JSON.parse(one.lines.join('\n'))).toMatchObject({ id: 'pay-7', journal: [{ event: 'begun' }] });
    const none = terminal();
    expect(await listCommand(none.input, system, { status: 'running' })).toBe(0);
    expect(none.lines).toEqual(['no runs']);
    const page = terminal({ limit: '1' });
    expect(await listCommand(page.input, system, {})).toBe(0);
    expect(page.lines.at(-1)).toContain('--limit 10 shows more');
  });

  it('resolves only what is stuck, and writes down who said why', async () => {
    const system = await payments();
    const wish = { kind: 'resolved-compensated', note: 'paid back by hand' } as const;
    const { input, lines } = terminal();
    await expect(settleCommand(input, system, {}, 'pay-7', wish)).rejects.toThrow('is not stuck: it is completed');
    await expect(settleCommand(input, system, {}, 'nobody', wish)).rejects.toThrow('there is no run "nobody"');
    expect(await settleCommand(input, system, {}, 'pay-8', wish)).toBe(0);
    expect(lines).toEqual([
      'sales counts it as compensated within a second, or when it is started; "saga show pay-8" tells',
    ]);
    const shown = terminal({ format: 'json' });
    await showCommand(shown.input, system, {}, 'pay-8');
    expect(JSON.parse(shown.lines.join('\n')).journal.at(-1)).toMatchObject({
      ...{ event: 'ask:resolved-compensated', by: 'operator', reason: 'paid back by hand' },
    });
  });

  it.each([
    [['lst'], {}, 'Did you mean "list"'],
    [['show'], {}, '"saga show" takes the id of one run'],
    [['list', 'pay-8'], {}, '"saga show pay-8" shows one run'],
    [['list'], { status: 'stick' }, 'Did you mean "stuck"'],
    [['resolve', 'pay-8'], {}, '--as is missing'],
    [['resolve', 'pay-8'], { as: 'completed' }, '--note is missing'],
    [['resolve', 'pay-8'], { as: 'done', note: 'x' }, 'there is no end of a saga "done"'],
  ])('refuses %j %j', async (args, options, sentence) => {
    const { input, errors } = terminal(options, args);
    expect(await saga(input)).toBe(2);
    expect(errors.join('\n')).toContain(sentence);
  });
});
