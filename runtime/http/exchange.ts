/// <reference types="node" preserve="true" />
import type { WireBody } from './body.js';
import type { HeaderReader } from './header-reader.js';

/** A request as an adapter hands it over, before anything of it is read. What costs something is made at the first use. */
export interface ServerRequest {
  readonly method: string;
  /** Path and query as `URL` writes them, such as `/orders?limit=5`. */
  readonly target: string;
  readonly headers: HeaderReader;
  /** All headers, for whoever needs more than a few. */
  allHeaders(): Headers;
  /** The whole body; undefined as soon as there are more bytes than `maxBytes`. Rejects when the body breaks off. */
  body(maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Aborted when the connection breaks. */
  signal(): AbortSignal;
}

/** An answer, whole in memory. Header names are in lower case. */
export interface ServerReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: WireBody;
}

/** Answers one request; never rejects. */
export type Answer = (request: ServerRequest) => Promise<ServerReply>;
