/** Base of every error this library throws on purpose. `code` is stable; `retriable` says whether the same input may work later. */
export class SeamwrightError extends Error {
  readonly code: string;
  readonly retriable: boolean;

  constructor(code: string, message: string, options: { readonly retriable?: boolean; readonly cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    this.name = new.target.name;
    this.code = code;
    this.retriable = options.retriable ?? false;
  }
}

/** The broker has no queue for the address: the message would have vanished. Retried by the outbox until the topology is there. */
export class UnroutableError extends SeamwrightError {
  constructor(address: string) {
    super('unroutable', `no queue is bound for ${address}`, { retriable: true });
  }
}

/** The broker or the store cannot be reached at the moment. */
export class UnavailableError extends SeamwrightError {
  constructor(what: string, cause?: unknown) {
    super('unavailable', `${what} is not available`, { retriable: true, cause });
  }
}

/** Thrown by a handler to say that no retry can help: the message goes to the dead letters at once. */
export class RejectMessageError extends SeamwrightError {
  constructor(reason: string, cause?: unknown) {
    super('rejected', reason, { cause });
  }
}

/** A payload of our own that breaks its contract: refused before it is sent. */
export class InvalidMessageError extends SeamwrightError {
  constructor(message: string, problems: string) {
    super('invalid-message', `${message} breaks its contract: ${problems}`);
  }
}

/** The caller used the library against its rules, such as SQL on a store that has none. */
export class UsageError extends SeamwrightError {
  constructor(message: string) {
    super('usage', message);
  }
}
