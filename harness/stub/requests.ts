import type { Fault } from './fault.js';

/** A request that a stub got, control requests apart. */
export interface StubRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** operationId; undefined when no operation of the contract is called so. */
  readonly operation: string | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** A value where the body is JSON, else its text; undefined when there is none. */
  readonly body: unknown;
  /** 0 when the connection was broken instead of answered. */
  readonly status: number;
  readonly fault: Fault | undefined;
}

/** What was sent, for people who look at it later. */
export function bodyForRecord(bytes: Uint8Array, contentType: string | null): unknown {
  if (bytes.byteLength === 0) return undefined;
  const text = new TextDecoder().decode(bytes);
  if (!/json/i.test(contentType ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
