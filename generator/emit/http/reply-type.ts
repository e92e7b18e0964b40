import { propertyKey } from '../names.js';
import type { OperationFacts, ReplyFacts } from './catalogue.js';
import { contentTypeText } from './request-type.js';

/** The union of documented answers, one member per kind of body; statuses that are answered alike share one. */
export function replyTypes({ replies }: OperationFacts, prefix: string): readonly string[] {
  const exact = replies.filter(({ status }) => /^[1-5]\d\d$/.test(status)).map(({ status }) => status);
  const statuses = new Map<string, string[]>();
  for (const reply of replies) {
    for (const rest of membersOf(reply, prefix))
      statuses.set(rest, [...(statuses.get(rest) ?? []), statusType(reply.status, exact)]);
  }
  const members = [...statuses].map(([rest, of]) => `{ readonly status: ${of.join(' | ')}; ${rest} }`);
  // A contract without any answer leaves the choice to the handler.
  return members.length === 0 ? ['{ readonly status: number; readonly headers?: ReplyHeaders }'] : members;
}

/** `2XX` and `default` cover what has no entry of its own. */
function statusType(status: string, exact: readonly string[]): string {
  const without = (type: string) => (exact.length === 0 ? type : `Exclude<${type}, ${exact.join(' | ')}>`);
  const digit = /^([1-5])XX$/.exec(status)?.[1];
  if (digit !== undefined) return without(`StatusOf<${digit}>`);
  if (/^[1-5]\d\d$/.test(status)) return status;
  return exact.some((each) => each.startsWith('2'))
    ? without('StatusOf<3 | 4 | 5>')
    : without('StatusOf<2 | 3 | 4 | 5>');
}

/** What stands beside the status, for each media type of an answer. */
function membersOf({ status, content, requiredHeaders }: ReplyFacts, prefix: string): readonly string[] {
  const headers =
    requiredHeaders.length === 0
      ? 'readonly headers?: ReplyHeaders'
      : `readonly headers: ReplyHeaders & { ${requiredHeaders.map((name) => `readonly ${propertyKey(name)}: string | number`).join('; ')} }`;
  if (content.length === 0) return [headers];
  // Errors often go without a body; the reader of a success counts on it.
  const mark = status.startsWith('2') ? '' : '?';
  return content.map(({ mediaType, type }, index) => {
    const isRange = mediaType.includes('*');
    const named = content.length > 1 || isRange;
    const contentType = named
      ? `readonly contentType${index === 0 && !isRange ? '?' : ''}: ${contentTypeText(mediaType)}; `
      : '';
    return `${contentType}readonly body${mark}: ${type(prefix)}; ${headers}`;
  });
}
