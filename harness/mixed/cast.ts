import { ownerOf, publisherOf, type ServiceCode, type Subject } from '../subject.js';
import type { MixedEdge } from './edges.js';
import type { Start } from './orders.js';
import type { Revisions, Version } from './revisions.js';

/** From a place in the history on, an end of the edge runs this revision. */
interface Change {
  readonly index: number;
  readonly service: string;
  readonly version: Version;
}

/**
 * Who runs which revision during one run. The subject is the reader; its peers and the values that they tell are always those of what they run at the
 * moment. Whoever is not at the edge runs what the reader ran at first, so that only one edge is mixed.
 */
export class Cast {
  readonly subject: Subject;
  readonly #revisions: Revisions;
  readonly #edge: MixedEdge;
  readonly #start: Start;
  readonly #services: Map<string, ServiceCode>;
  readonly #changes: Change[] = [];

  constructor(revisions: Revisions, edge: MixedEdge, start: Start) {
    this.#revisions = revisions;
    this.#edge = edge;
    this.#start = start;
    const home = revisions[start.to].subject(edge.to);
    this.#services = new Map(home.services);
    const writer = revisions[start.from].services.get(edge.from);
    if (writer !== undefined) this.#services.set(edge.from, writer);
    const services = this.#services;
    const valuesOf = (service: string | undefined): Subject['values'] =>
      revisions[service === undefined ? start.to : this.runs(service)].subject(edge.to).values;
    this.subject = {
      ...home,
      services,
      values: {
        state: (entity, ...rest) => valuesOf(ownerOf(this.subject, entity)?.service.name).state(entity, ...rest),
        payload: (message, ...rest) =>
          valuesOf(publisherOf(this.subject, message)?.service.name).payload(message, ...rest),
      },
    };
  }

  /** Revision that a service runs now, or ran when the history was `index` long. */
  runs(service: string, index = Number.POSITIVE_INFINITY): Version {
    const change = this.#changes.findLast((one) => one.service === service && one.index <= index);
    return change?.version ?? (service === this.#edge.from ? this.#start.from : this.#start.to);
  }

  /** From here on the next process of a service is of this revision. */
  deploy(service: string, version: Version, index: number): void {
    this.#changes.push({ index, service, version });
    const code = this.#revisions[version].services.get(service);
    if (code !== undefined) this.#services.set(service, code);
  }

  code(service: string): ServiceCode | undefined {
    return this.#services.get(service);
  }
}
