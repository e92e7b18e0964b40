import { calledBy } from '../http/callers.js';
import { request } from '../http/sides.js';
import { isNoun } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { quoted } from '../wording.js';

export const operationRemoved: CompatRule = {
  id: 'operation-removed',
  title: 'An operation stays as long as somebody calls it.',
  why: 'Every call of it fails.',
  fix: 'Mark it deprecated, move its clients, then take it out.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'operation-added',
  *judge(change, revisions) {
    if (!isNoun(change, 'operation', 'removed')) return;
    const called = calledBy(change, revisions);
    const told = called.before?.definition.deprecated ? ' It was marked deprecated.' : '';
    yield breaking(this, change, {
      message: `operation "${called.name}" (${called.route}) is gone; ${called.clients.length === 0 ? 'nobody in this workspace calls it' : `${quoted(called.clients)} ${called.clients.length === 1 ? 'calls' : 'call'} it`}.${told}`,
      order: 'writer-first',
      ...request(called),
    });
  },
};
