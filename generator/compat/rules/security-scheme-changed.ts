import { canonicalJson } from '../../schema/edges.js';
import type { SettingChange } from '../change.js';
import { FLOW, type Schemes } from '../diff/security-schemes.js';
import { calledBy } from '../http/callers.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

/** The name of a scheme is the same, and what it asks for is not. */
export const securitySchemeChanged: CompatRule = {
  id: 'security-scheme-changed',
  title: 'A security scheme asks for the same as long as its name is the same.',
  why: 'Clients show who they are in the old way and get 401; servers that are still the old ones refuse the new way.',
  fix: 'Define the new way as a scheme of its own and accept both until every client uses it.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'A scheme is the same to both sides: the client shows what the server asks for.' },
  *judge(change, revisions) {
    if (!isSet(change, 'operation', 'security.schemes')) return;
    const called = calledBy(change, revisions);
    for (const [name, is, was] of changedSchemes(change))
      yield breaking(this, change, {
        message: `security scheme "${name}" of operation "${called.name}" (${called.route}) is ${is}, was ${was}.`,
        order: 'never',
        ...request(called),
      });
  },
};

function changedSchemes({ before, after }: SettingChange): readonly (readonly [string, string, string])[] {
  const [old, next] = [schemesIn(before), schemesIn(after)];
  return Object.entries(next).flatMap(([name, is]) => {
    const was = old[name];
    return was === undefined || isAsGood(is, was) ? [] : [[name, canonicalJson(is), canonicalJson(was)] as const];
  });
}

/** Whoever shows what was asked for is still let in. */
function isAsGood(is: Schemes[string], was: Schemes[string]): boolean {
  const asked = [...new Set([...Object.keys(was), ...Object.keys(is).filter((key) => !key.startsWith(FLOW))])];
  return asked.every((key) => canonicalJson(is[key]) === canonicalJson(was[key]));
}

function schemesIn(value: unknown): Schemes {
  return typeof value === 'object' && value !== null ? (value as Schemes) : {};
}
