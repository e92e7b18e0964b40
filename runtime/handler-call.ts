/** One call of a handler of the user's. */
export interface HandlerCall {
  /** `<service>.<handler>`. */
  readonly consumer: string;
  readonly messageId: string;
  readonly correlationId: string;
  /** 1 for the first delivery. */
  readonly attempt: number;
}

/** Runs a handler by calling `handle` once; what it rejects with is what the handler has rejected with. */
export type AroundHandler = (call: HandlerCall, handle: () => Promise<void>) => Promise<void>;
