import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { SeamwrightError } from './errors.js';

/** A span to be. Instants and ids are the SDK's. */
export interface SpanStart {
  /** `{operation} {destination}`; few different ones. */
  readonly name: string;
  readonly kind: 'producer' | 'consumer' | 'client' | 'server' | 'internal';
  /** Where the work comes from, as W3C `traceparent`. */
  readonly parent?: string | undefined;
  /** The parent is another process, whatever runs here at the moment. Default false: a span of the same trace that is active here is the closer parent. */
  readonly remote?: boolean;
  /** Other spans that led to this one, as `traceparent`. */
  readonly links?: readonly (string | undefined)[];
  /** Never values of a payload; undefined ones are left out. Asked only when somebody listens. */
  attributes(): SpanFacts;
}

export type SpanFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** A span at work, or nothing when no SDK listens. */
export interface SpanAtWork {
  /** What messages and calls made inside carry on: this span, else its parent as it came. */
  readonly traceparent: string | undefined;
  /** More attributes, told at the end or in between. */
  tell(facts: SpanFacts): void;
  /** A better name, once more is known. */
  rename(name: string): void;
  /** Whether anybody listens. */
  readonly recorded: boolean;
  /** Marks the span as failed; the first one counts. `type` is one of few: the class of an error, a status, a reason. */
  fail(type: string): void;
}

/**
 * Runs `work` in a span of its own: active inside, ended after, marked as failed by a rejection. Without an SDK that is one look whether there is one, and
 * `work` runs with the parent's `traceparent` as it came.
 */
export function inSpan<T>(start: SpanStart, work: (span: SpanAtWork) => Promise<T>): Promise<T> {
  const tracer = registeredTracer();
  return tracer === undefined ? work(untraced(start.parent)) : traced(tracer, start, work);
}

async function traced<T>(tracer: Tracer, start: SpanStart, work: (span: SpanAtWork) => Promise<T>): Promise<T> {
  const around = parentContext(start);
  const span = tracer.startSpan(
    start.name,
    {
      kind: kinds[start.kind],
      attributes: told(start.attributes()),
      links: (start.links ?? []).flatMap((link) => spanContextOf(link) ?? []).map((linked) => ({ context: linked })),
    },
    around,
  );
  const atWork = handle(span);
  try {
    return await context.with(trace.setSpan(around, span), () => work(atWork));
  } catch (error) {
    atWork.fail(errorType(error));
    throw error;
  } finally {
    span.end();
  }
}

/** Runs `work` as the child of no span: work in the background must not seem to belong to whoever happened to wake it. */
export function outOfSpan<T>(work: () => T): T {
  return context.with(ROOT_CONTEXT, work);
}

/** The span that is active here, as `traceparent`; undefined when there is none. */
export function activeTraceparent(): string | undefined {
  const active = trace.getSpanContext(context.active());
  return active === undefined || !isSpanContextValid(active) ? undefined : traceparentOf(active);
}

/** The trace that a `traceparent` belongs to, 32 hexadecimal digits; undefined when it is none. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return spanContextOf(traceparent)?.traceId;
}

/** What `error.type` says of anything thrown: a stable code of ours, else the class. Never the message, which may quote a payload. */
export function errorType(error: unknown): string {
  if (error instanceof SeamwrightError) return error.code;
  return error instanceof Error ? error.name : '_OTHER';
}

const kinds = {
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
  server: SpanKind.SERVER,
  internal: SpanKind.INTERNAL,
} as const;

/** Undefined while nobody has registered an SDK; asked each time, because that may happen after this module was loaded. */
function registeredTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider
    ? provider.getDelegateTracer('seamwright')
    : provider.getTracer('seamwright');
}

function parentContext({ parent, remote = false }: SpanStart): Context {
  const active = context.active();
  const far = spanContextOf(parent);
  if (far === undefined) return remote ? ROOT_CONTEXT : active;
  const near = trace.getSpanContext(active);
  return !remote && near?.traceId === far.traceId ? active : trace.setSpanContext(ROOT_CONTEXT, far);
}

function handle(span: Span): SpanAtWork {
  const own = span.spanContext();
  let failed = false;
  return {
    traceparent: isSpanContextValid(own) ? traceparentOf(own) : undefined,
    recorded: true,
    tell: (facts) => void span.setAttributes(told(facts)),
    rename: (name) => void span.updateName(name),
    fail(type) {
      if (failed) return;
      failed = true;
      span.setAttribute('error.type', type);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
  };
}

function untraced(traceparent: string | undefined): SpanAtWork {
  return { traceparent, recorded: false, tell: nothing, rename: nothing, fail: nothing };
}

const nothing = (): void => {};

function told(facts: SpanFacts): Attributes {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & 0xff).toString(16).padStart(2, '0')}`;
}

/** Reads any version but `ff`, as https://www.w3.org/TR/trace-context/#versioning-of-traceparent says; what cannot be read counts as none. */
function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
  const match = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/.exec(traceparent ?? '');
  if (match === null) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = match;
  const read = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(read) ? read : undefined;
}
