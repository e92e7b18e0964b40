import { type Counter, type Gauge, type Histogram, metrics } from '@opentelemetry/api';

export type Attributes = Readonly<Record<string, string>>;

/** A count or a last value, as `service.metrics()` tells it. */
export interface Metric {
  readonly name: string;
  readonly attributes: Attributes;
  readonly value: number;
}

/** Numbers about one service, kept in the process and handed to OpenTelemetry when an SDK is registered (without one its API does nothing). */
export interface Telemetry {
  /** Adds `by` (default 1) to a counter. */
  count(name: string, attributes?: Attributes, by?: number): void;
  /** Sets the last known value. */
  gauge(name: string, value: number, attributes?: Attributes): void;
  /** Records a duration in seconds; the snapshot keeps how many there were. */
  duration(name: string, seconds: number, attributes?: Attributes): void;
  /** All numbers so far, by name and attributes. */
  snapshot(): readonly Metric[];
}

/** Attributes may come from strangers, such as the type of a message that nobody knows; the process must not grow with them. */
const seriesMax = 2_000;
/** Where everything beyond is counted together, as OpenTelemetry's SDKs do it. */
const overflow: Attributes = { 'otel.metric.overflow': 'true' };

/** Bounds of the histograms of single operations, in seconds, as OpenTelemetry's conventions for messaging and HTTP advise. */
const operationBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** Of waits, which last until somebody else has done something: from a tenth of a second to a week. */
const waitBounds = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400, 604_800];

function adviceFor(name: string): { readonly explicitBucketBoundaries: number[] } {
  return { explicitBucketBoundaries: /^(messaging|http|seamwright\.http)\./.test(name) ? operationBounds : waitBounds };
}

/** Telemetry of the service `service`; each number carries its name. */
export function createTelemetry(service: string): Telemetry {
  const kept = new Map<string, { name: string; attributes: Attributes; value: number }>();
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();

  function entry(name: string, attributes: Attributes): { value: number } {
    const key = seriesKey(name, attributes);
    const found = kept.get(key);
    if (found !== undefined) return found;
    if (kept.size >= seriesMax && attributes !== overflow) return entry(name, overflow);
    const made = { name, attributes, value: 0 };
    kept.set(key, made);
    return made;
  }

  return {
    count(name, attributes = {}, by = 1) {
      entry(name, attributes).value += by;
      memo(counters, name, () => metrics.getMeter('seamwright').createCounter(name)).add(by, {
        service,
        ...attributes,
      });
    },
    gauge(name, value, attributes = {}) {
      entry(name, attributes).value = value;
      memo(gauges, name, () => metrics.getMeter('seamwright').createGauge(name)).record(value, {
        service,
        ...attributes,
      });
    },
    duration(name, seconds, attributes = {}) {
      entry(name, attributes).value += 1;
      memo(histograms, name, () =>
        metrics.getMeter('seamwright').createHistogram(name, { unit: 's', advice: adviceFor(name) }),
      ).record(seconds, {
        service,
        ...attributes,
      });
    },
    snapshot: () =>
      [...kept.values()]
        .map(({ name, attributes, value }) => ({ name, attributes, value }))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
  };
}

/** Asked several times per message: what has one attribute, as most have, needs no sorting. */
function seriesKey(name: string, attributes: Attributes): string {
  const names = Object.keys(attributes);
  const [only = ''] = names;
  if (names.length < 2) return `${name} ${only} ${attributes[only] ?? ''}`;
  return `${name} ${JSON.stringify(names.sort().map((one) => [one, attributes[one]]))}`;
}

/** Instruments are made on first use: a meter asked for before the SDK is registered would stay deaf. */
function memo<T>(made: Map<string, T>, name: string, make: () => T): T {
  const found = made.get(name);
  if (found !== undefined) return found;
  const fresh = make();
  made.set(name, fresh);
  return fresh;
}
