import { beforeAll, describe, expect, it } from 'vitest';
import { breakerOpenHalfOpenClose } from '../../../harness/scenarios/breaker-open-half-open-close.js';
import { deadlineExpiredNotForwarded } from '../../../harness/scenarios/deadline-expired-not-forwarded.js';
import { http5xx } from '../../../harness/scenarios/http-5xx.js';
import { httpTimeoutUnknown } from '../../../harness/scenarios/http-timeout-unknown.js';
import { retryAmplification } from '../../../harness/scenarios/retry-amplification.js';
import type { Scenario } from '../../../harness/scenarios/scenario.js';
import { slowHttp } from '../../../harness/scenarios/slow-http.js';
import { wrongCaller } from '../../../harness/scenarios/wrong-caller.js';
import type { SimulateOptions } from '../../../harness/simulate.js';
import type { Subject } from '../../../harness/subject.js';
import { forgetsDeadlines, mistaken, newCorrelation, opensTheDoor } from './mutants.js';
import { broken, idsOf, subjectIn } from './play.js';

let mesh: Subject;
let gateway: Subject;

beforeAll(async () => {
  mesh = await subjectIn('mesh', 'service-a');
  gateway = await subjectIn('tools-dashboard', 'back-gateway');
});

const read = 'client:service-b.getItem';
const plans = 8;

interface Case {
  readonly mistake: string;
  readonly scenario: Scenario;
  readonly subject: () => Subject;
  readonly target: string;
  readonly mutate: () => NonNullable<SimulateOptions['mutate']>;
  readonly finds: string;
}

const cases: readonly Case[] = [
  {
    mistake: 'a POST that is repeated under a new key',
    ...{ scenario: httpTimeoutUnknown, subject: () => gateway, target: 'client:back-api.registerUser' },
    ...{ mutate: () => mistaken('new-key-per-try', gateway), finds: 'effect-once-per-call' },
  },
  {
    mistake: 'a time-out that never reaches the socket',
    ...{ scenario: slowHttp, subject: () => mesh, target: read, mutate: () => mistaken('no-timeout', mesh) },
    finds: 'calls-have-deadlines',
  },
  {
    mistake: 'retries that multiply',
    ...{
      scenario: retryAmplification,
      subject: () => mesh,
      target: read,
      mutate: () => mistaken('multiplying-retries', mesh),
    },
    finds: 'retries-within-budget',
  },
  {
    mistake: 'a breaker that never lets a probe through',
    ...{ scenario: breakerOpenHalfOpenClose, subject: () => mesh, target: read },
    ...{ mutate: () => mistaken('breaker-never-half-opens', mesh), finds: 'breaker-lawful' },
  },
  {
    mistake: 'a breaker that counts refusals as failures',
    ...{ scenario: breakerOpenHalfOpenClose, subject: () => mesh, target: read },
    ...{ mutate: () => mistaken('breaker-counts-refusals', mesh), finds: 'breaker-lawful' },
  },
  {
    mistake: 'a stand-in that is kept as if it were an answer',
    ...{ scenario: http5xx, subject: () => mesh, target: read, mutate: () => mistaken('fallback-kept', mesh) },
    finds: 'fallback-not-kept',
  },
  {
    mistake: 'a correlation id that is made anew',
    ...{ scenario: slowHttp, subject: () => mesh, target: read, mutate: () => newCorrelation('service-a') },
    finds: 'call-correlation',
  },
  {
    mistake: 'a deadline that is not told on',
    ...{ scenario: deadlineExpiredNotForwarded, subject: () => mesh, target: read },
    ...{ mutate: () => forgetsDeadlines('service-a'), finds: 'calls-have-deadlines' },
  },
  {
    mistake: 'a door that is open to everybody',
    ...{
      scenario: wrongCaller,
      subject: () => mesh,
      target: 'operation:getItem',
      mutate: () => opensTheDoor('service-a'),
    },
    finds: 'only-known-callers',
  },
];

describe('mistakes in calls between services', () => {
  it.each(cases)('finds $mistake', async ({ scenario, subject, target, mutate, finds }) => {
    const { violations } = await broken(subject(), scenario, target, plans, { mutate: mutate() });
    expect(idsOf(violations)).toContain(finds);
  });

  it.each(cases)('finds nothing where there is no $mistake', async ({ scenario, subject, target }) => {
    const { violations } = await broken(subject(), scenario, target, plans);
    expect(violations).toEqual([]);
  });
});
