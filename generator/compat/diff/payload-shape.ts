import type { Model } from '../../model/types.js';
import { schemaFingerprint } from '../../schema/fingerprint.js';

/** Text that is equal for messages of one payload and equal headers; undefined for a message that declares no payload. */
export function payloadShape(model: Model, message: string): string | undefined {
  const definition = model.messages.get(message)?.definition;
  if (definition?.payload === undefined) return undefined;
  const headers = definition.headers === undefined ? '' : schemaFingerprint(model.documents, definition.headers);
  return `${schemaFingerprint(model.documents, definition.payload)} ${headers}`;
}
