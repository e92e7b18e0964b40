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

/** One number with its attributes. */
interface Series {
  readonly name: string;
  readonly attributes: Attributes;
  /** As OpenTelemetry gets them; made once, since every message is counted several times. */
  readonly told: Attributes;
  value: number;
}

const noAttributes: Attributes = Object.freeze({});

/** Telemetry of the service `service`; each number carries its name. */
export function createTelemetry(service: string): Telemetry {
  const kept = new Map<string, Series>();
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();

  /** By their attributes in whatever order; sorting them for each message would cost more than counting it. */
  const known = new Map<string, Series>();

  function series(name: string, attributes: Attributes): Series {
    const key = keyOf(name, attributes, Object.keys(attributes));
    const found = known.get(key);
    if (found !== undefined) return found;
    const one = sorted(name, attributes);
    if (known.size < seriesMax) known.set(key, one);
    return one;
  }

  function sorted(name: string, attributes: Attributes): Series {
    const key = keyOf(name, attributes, Object.keys(attributes).sort());
    const found = kept.get(key);
    if (found !== undefined) return found;
    if (kept.size >= seriesMax && attributes !== overflow) return sorted(name, overflow);
    const made = { name, attributes, told: { service, ...attributes }, value: 0 };
    kept.set(key, made);
    return made;
  }

  return {
    count(name, attributes = noAttributes, by = 1) {
      const one = series(name, attributes);
      one.value += by;
      memo(counters, name, () => metrics.getMeter('seamwright').createCounter(name)).add(by, one.told);
    },
    gauge(name, value, attributes = noAttributes) {
      const one = series(name, attributes);
      one.value = value;
      memo(gauges, name, () => metrics.getMeter('seamwright').createGauge(name)).record(value, one.told);
    },
    duration(name, seconds, attributes = noAttributes) {
      const one = series(name, attributes);
      one.value += 1;
      memo(histograms, name, () =>
        metrics.getMeter('seamwright').createHistogram(name, { unit: 's', advice: adviceFor(name) }),
      ).record(seconds, one.told);
    },
    snapshot: () =>
      [...kept.values()]
        .map(({ name, attributes, value }) => ({ name, attributes, value }))
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
  };
}

/** Values may hold anything, so each is told with its length: two different lists never make one key. */
function keyOf(name: string, attributes: Attributes, names: readonly string[]): string {
  let key = name;
  for (const one of names) {
    const value = String(attributes[one]);
    key += ` ${one}=${value.length}:${value}`;
  }
  return key;
}

/** Instruments are made on first use: a meter asked for before the SDK is registered would stay deaf. */
function memo<T>(made: Map<string, T>, name: string, make: () => T): T {
  const found = made.get(name);
  if (found !== undefined) return found;
  const fresh = make();
  made.set(name, fresh);
  return fresh;
}
