import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Change, Noun, SettingChange } from '../../generator/compat/change.js';
import { diff } from '../../generator/compat/diff.js';
import { judge } from '../../generator/compat/judge.js';
import type { Revisions } from '../../generator/compat/rule.js';
import { loadModel } from './load-model.js';

const CASES = join(import.meta.dirname, '../cases/compat');

/** Settings that no rule judges, each for a reason. Whatever else differs has somebody who says what it means. */
const silent: Readonly<Record<string, string>> = {
  'copy service': 'is its name',
  'copy batch_size': 'is how a service works by itself',
  'copy calls': 'is judged as the calls that it makes',
  'consumer service': 'is its name',
  'consumer effect': 'is how a service works by itself',
  'consumer retry': 'is how a service works by itself',
  'consumer handler': 'is how a service works by itself',
  'consumer transaction': 'is how a service works by itself',
  'consumer batch_size': 'is how a service works by itself',
  'consumer calls': 'is judged as the calls that it makes',
  'dependency consumer': 'is its name',
  'dependency provider': 'is its name',
  'edge from': 'is its name',
  'edge to': 'is its name',
  'entity schema': 'is judged as a schema',
  'entity full_sync.batch_size': 'is negotiated with every page',
  'entity full_sync.schedule': 'is how a service works by itself',
  'entity full_sync.dismiss_events': 'is how a service works by itself',
  'entity pii': 'is what documentation and checks speak of',
  'entity dead_letter.alert_after': 'is who is woken up',
  'event dead_letter.alert_after': 'is who is woken up',
  'command dead_letter.alert_after': 'is who is woken up',
  'feature type': 'is what documentation speaks of',
  'feature owner': 'is who is asked',
  'flag expires': 'is when somebody looks at it again',
  'flow steps': 'is a drawing of what edges and events say',
  'service owner': 'is who is asked',
  'service lifecycle': 'is what documentation speaks of',
  'service declared': 'is where it is written',
  'header name': 'is its name',
  'header schema': 'is judged as a schema',
  'operation service': 'is its name',
  'operation idempotency_header': 'is judged as a parameter',
  'operation x-sunset': 'is when it goes, which is judged when it goes',
  'operation x-stability-level': 'is what documentation speaks of',
  'parameter name': 'is its name',
  'parameter in': 'is judged as a parameter that moved',
  'receiver service': 'is its name',
  'response status': 'is its name',
  'sender service': 'is its name',
};

/** Before and after, of every kind that a setting may have. */
const steps: readonly (readonly [unknown, unknown])[] = [
  ['a', 'b'],
  [undefined, 'a'],
  ['a', undefined],
  [true, false],
  [false, true],
  [2, 1],
  [1, 2],
  [['a', 'b'], ['a']],
  [['a'], ['a', 'b']],
  [['a'], []],
  [[2], [3]],
  ['2.0.0', '1.0.0'],
  ['effectively-once', 'at-most-once'],
  [{ a: 'a' }, { a: 'b' }],
];

it('every setting that can differ is judged by a rule, or is silent for a reason', async () => {
  const seen = new Map<string, readonly [Change, Revisions]>();
  const judged = new Set<string>();
  for (const id of readdirSync(CASES)) {
    const before = await loadModel(join(CASES, id, 'before'));
    const after = await loadModel(join(CASES, id, 'after'));
    const nothing = await loadModel(join(CASES, 'feature-added', 'before'));
    if (before === undefined || after === undefined || nothing === undefined) throw new Error(`${id} cannot be read`);
    for (const revisions of [
      { before, after },
      { before: nothing, after: before },
    ]) {
      for (const change of diff(revisions.before, revisions.after)) {
        const settings = change.kind === 'set' ? [change.setting] : change.kind === 'schema' ? [] : facts(change.facts);
        // What stands in both revisions can be set otherwise.
        const still = { before, after: before };
        if (change.kind === 'set' && judge([change], revisions).length > 0)
          judged.add(`${change.noun} ${change.setting}`);
        for (const setting of settings) seen.set(`${change.noun} ${setting}`, [change, still]);
      }
    }
  }
  const unjudged = [...seen].filter(([key, [change, revisions]]) => {
    if (judged.has(key)) return false;
    const setting = key.slice(change.noun.length + 1);
    return !steps.some(([before, after]) => judge([changed(change, setting, before, after)], revisions).length > 0);
  });
  expect(unjudged.map(([key]) => key).sort()).toEqual(Object.keys(silent).sort());
});

function facts(all: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  return Object.keys(all ?? {});
}

function changed(like: Change, setting: string, before: unknown, after: unknown): SettingChange {
  const { subject, features, at } = like;
  const noun: Noun = like.noun;
  return { kind: 'set', noun, subject, features, at, setting, before, after };
}
