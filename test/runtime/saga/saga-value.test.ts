import { describe, expect, test } from 'vitest';
import type { SagaStepPlan, SagaValue } from '../../../runtime/saga/plan.js';
import { newRun } from '../../../runtime/saga/run.js';
import {
  allArguments,
  argumentsOf,
  readValue,
  type SagaFacts,
  SagaValueMissing,
} from '../../../runtime/saga/saga-value.js';
import { stepKey, undoKey } from '../../../runtime/saga/step-key.js';

const facts: SagaFacts = {
  id: 'p1',
  input: { paymentId: 'p1', card: { last4: '4242' } },
  run: {
    marks: { check: 'done', charge: 'begun', 'look-up': 'clear' },
    outputs: { ...newRun.outputs, check: { invoice: { amount: 7, lines: [{ sku: 'a/b' }] } } },
  },
  key: 'k1',
  response: { body: { 'a/b': { '~': 1 }, list: ['x', 'y'] }, header: (name) => `${name}!` },
  message: { place: 'a7' },
};

describe('values of a plan', () => {
  test.each<[SagaValue, unknown]>([
    ['plain', 'plain'],
    ['$$price', '$price'],
    [7, 7],
    [null, null],
    ['$input.card.last4', '4242'],
    ['$input', facts.input],
    ['$run.id', 'p1'],
    ['$key', 'k1'],
    ['$steps.check.outputs.invoice.amount', 7],
    ['$invoice.amount', 7],
    ['$invoice.lines.0.sku', 'a/b'],
    ['$response.body#/a~1b/~0', 1],
    ['$response.body#/list/1', 'y'],
    ['$response.header.etag', 'etag!'],
    ['$message#/place', 'a7'],
    ['$message', { place: 'a7' }],
    ['$input.nothing.here', undefined],
    ['$input.card.constructor', undefined],
    ['$steps.look-up.outputs.x', undefined],
    [
      ['$run.id', { amount: '$invoice.amount', none: '$nobody' }],
      ['p1', { amount: 7 }],
    ],
  ])('%j', (value, expected) => {
    expect(readValue(value, facts)).toEqual(expected);
  });

  test('of a step that nobody knows about are not there yet', () => {
    expect(() => readValue('$steps.charge.outputs.transactionId', facts)).toThrow(SagaValueMissing);
  });

  test('arguments that are not there are left out; without any, all that is known is given', () => {
    expect(argumentsOf({ a: '$nobody', b: '$key' }, facts)).toEqual({ b: 'k1' });
    expect(allArguments({}, facts)).toEqual({ ...(facts.input as object), ...facts.run.outputs.check });
  });
});

describe('keys', () => {
  const retry = { attemptsMax: 1, backoff: 'fixed', initialMs: 0, maxMs: 0, jitter: 'none' } as const;
  const step: SagaStepPlan = {
    ...{ id: 'charge', kind: 'compensatable', action: { kind: 'none' }, outputs: {}, retry },
    ...{ onFailure: 'compensate', onUnknown: 'manual', compensate: { action: { kind: 'none' }, retry } },
  };

  test('are of the run and the step, and another one for each round of undoing', () => {
    expect(stepKey(step, facts)).toBe('p1:charge');
    expect([0, 1, 2, 3].map((round) => undoKey(step, facts, round))).toEqual([
      ...['p1:charge:undo', 'p1:charge:undo', 'p1:charge:undo:2', 'p1:charge:undo:3'],
    ]);
  });

  test('are what the contract says', () => {
    const own = {
      ...step,
      key: '$input.paymentId',
      compensate: { ...step.compensate, action: { kind: 'none' }, retry, key: '$invoice.amount' },
    } as const;
    expect(stepKey(own, facts)).toBe('p1');
    expect([1, 2].map((round) => undoKey(own, facts, round))).toEqual(['7', '7:2']);
    expect(stepKey({ ...step, key: '$input.nothing' }, facts)).toBe('p1:charge');
  });
});
