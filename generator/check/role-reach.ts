import type { Model, Service } from '../model/types.js';
import { byTarget, kindOf, type Reach, reachOf } from './reach.js';
import type { Violation } from './rule.js';

/** Violations for every target that a service of some role must not reach; `refuse` says why not, or undefined when it may. */
export function* forbiddenReach(
  model: Model,
  service: Service,
  refuse: (kind: string, target: string) => string | undefined,
  fix: (target: string) => string,
): Iterable<Violation> {
  for (const [target, [first, ...others]] of byTarget(reachOf(model, service.name))) {
    const kind = kindOf(model, target);
    const reason = kind === undefined ? undefined : refuse(kind, target);
    if (reason === undefined) continue;
    yield {
      at: first.at,
      message: `${service.role} "${service.name}" ${first.how} "${target}", ${reason}.`,
      subject: `service:${service.name} target:${target}`,
      related: others.map((each: Reach) => ({ at: each.at, message: `"${service.name}" ${each.how} "${target}"` })),
      fix: fix(target),
    };
  }
}

/** Violations for every word of `provides` that belongs to another role. */
export function* forbiddenProvides(service: Service, forbidden: readonly string[], fix: string): Iterable<Violation> {
  for (const word of service.provides) {
    if (!forbidden.includes(word.toLowerCase())) continue;
    yield {
      at: service.at,
      message: `${service.role} "${service.name}" provides "${word}".`,
      subject: `service:${service.name} provides:${word}`,
      fix,
    };
  }
}

/** `a repository`, `an external service`, `a database`: a kind as a sentence says it. */
export function described(kind: string): string {
  if (kind.startsWith('resource ')) return `a ${kind.slice('resource '.length)}`;
  if (kind === 'external') return 'an external service';
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

/** External services that send mail or take money, by their usual names. */
export function isMail(name: string): boolean {
  return /(^|-)(smtp|e?mail|mailer|mailgun|sendgrid|postmark|ses)(-|$)/.test(name);
}

export function isPayment(name: string): boolean {
  return /(^|-)(payments?|psp|stripe|paypal|adyen|braintree|billing)(-|$)/.test(name);
}
