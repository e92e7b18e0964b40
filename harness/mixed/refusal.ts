import { deadLetterHeaders } from '../../runtime/brokers/dead-letter.js';
import { failureHeaders } from '../../runtime/consume/dead-letter.js';
import type { MessageDefinition } from '../../runtime/definition.js';
import { decodeHeaderValue } from '../../runtime/header-value.js';
import type { ValidationError } from '../../runtime/validation.js';
import type { DeadLetterSeen } from '../history.js';

/** Why a reader did not take a message. */
export interface Refusal {
  /** `"status"`, or `a message` where no field is to blame. */
  readonly what: string;
  readonly reason: string;
  readonly values: { readonly expected?: unknown; readonly actual?: unknown };
}

/** Asks the validator of the reader again what it has against a payload; else what the runtime wrote on the dead letter. */
export function complaintOf(message: MessageDefinition | undefined, letter: DeadLetterSeen, data: unknown): Refusal {
  const [error] = message === undefined || message.validate(data) ? [] : (message.validate.errors ?? []);
  if (error !== undefined) return refused(error, data);
  const headers = [failureHeaders.detail, deadLetterHeaders.reason].map((name) => letter.headers[name]);
  const [detail, reason = 'dead-lettered'] = headers.map((text) => (text === undefined ? undefined : decoded(text)));
  return { what: 'a message', reason: detail === undefined ? reason : `${reason}, ${detail}`, values: {} };
}

function refused({ instancePath, keyword, params, message }: ValidationError, data: unknown): Refusal {
  const names = instancePath.split('/').slice(1).map(unescaped);
  const { missingProperty, additionalProperty, allowedValues, allowedValue } = params;
  const extra = keyword === 'required' ? missingProperty : additionalProperty;
  const field = [...names, ...(typeof extra === 'string' ? [extra] : [])].join('.');
  const allowed = allowedValues ?? allowedValue;
  const actual = names.reduce<unknown>((value, name) => Reflect.get(Object(value), name), data);
  return {
    what: field === '' ? 'a message' : `"${field}"`,
    reason: `${message ?? keyword}${Array.isArray(allowed) ? ` (${allowed.map((one) => JSON.stringify(one)).join(', ')})` : ''}`,
    values: extra === undefined ? { ...(allowed !== undefined && { expected: allowed }), actual } : {},
  };
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function decoded(text: string): string {
  return decodeHeaderValue(text) ?? text;
}
