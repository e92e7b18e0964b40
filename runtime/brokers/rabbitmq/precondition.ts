import { atVhost, shellQuoted } from './shell.js';

/** One setting that the server has otherwise. */
export interface Contradiction {
  /** What is there and what is wanted, in one sentence without a full stop. */
  readonly detail: string;
  /** What to run, or to do by hand. */
  readonly command: string;
}

/**
 * The refusal of a declaration, as people need it. The server names the first setting that differs: `PRECONDITION_FAILED - inequivalent arg 'x-message-ttl'
 * for queue 'work' in vhost '/': received the value '5' of type 'signedint' but current is none`.
 */
export function contradictionOf(
  refusal: string,
  resource: 'exchange' | 'queue',
  name: string,
  vhost: string,
): Contradiction {
  const match = /inequivalent arg '([^']*)' .*: received (.*?) but current is (.*?)"?$/s.exec(refusal);
  const [, argument = '', wanted = '', present = ''] = match ?? [];
  const reason = refusal.replace(/^.*PRECONDITION_FAILED - /s, '').replace(/"$/, '');
  return {
    detail:
      match === null
        ? `${resource} "${name}" cannot be declared: ${reason}`
        : `${resource} "${name}" has "${argument}" ${settingOf(present)}, the contracts say ${settingOf(wanted)}`,
    command: remedyOf(resource, name, vhost),
  };
}

/** RabbitMQ changes no setting of what exists: it has to be made anew. A queue only when nothing is lost by it. */
function remedyOf(resource: 'exchange' | 'queue', name: string, vhost: string): string {
  return resource === 'queue'
    ? `drain it, then run: rabbitmqctl delete_queue ${shellQuoted(name)} --if-empty${atVhost(vhost)}`
    : `stop what publishes to it, then run: rabbitmqadmin${atVhost(vhost)} delete exchange ${shellQuoted(`name=${name}`)}`;
}

function settingOf(text: string): string {
  if (text === 'none') return 'not set';
  const value = /'([^']*)'/.exec(text)?.[1];
  return value === undefined ? text : `"${value}"`;
}
