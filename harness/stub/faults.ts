import { UsageError } from '../../runtime/errors.js';
import { type Fault, parseFault, readFault } from './fault.js';

/** The faults of a stub. They may be changed while it runs; the first one that fits a request applies. */
export interface StubFaults {
  /** Adds one, such as `getItem: status=503, times=3`. */
  add(fault: string | Fault): void;
  /** Puts these in the place of all. */
  set(faults: readonly (string | Fault)[]): void;
  clear(): void;
  /** Those that have not healed, with the `times` that are left. */
  list(): readonly Fault[];
}

/** An operation as a fault may name it. */
interface Named {
  readonly name: string;
  readonly id: string;
  readonly definition: { readonly method: string; readonly path: string };
}

export class FaultList implements StubFaults {
  private faults: Fault[] = [];

  constructor(private readonly operations: readonly Named[]) {}

  add(fault: string | Fault): void {
    this.faults.push(this.checked(fault));
  }

  set(faults: readonly (string | Fault)[]): void {
    this.faults = faults.map((fault) => this.checked(fault));
  }

  clear(): void {
    this.faults = [];
  }

  list(): readonly Fault[] {
    return [...this.faults];
  }

  /** The fault for a request to this operation; it counts as used. */
  take(operation: Named): Fault | undefined {
    const at = this.faults.findIndex((fault) => fault.operation === undefined || isNamed(operation, fault.operation));
    const fault = this.faults[at];
    if (fault?.times === undefined) return fault;
    if (fault.times <= 1) this.faults.splice(at, 1);
    else this.faults[at] = { ...fault, times: fault.times - 1 };
    return fault;
  }

  private checked(given: string | Fault): Fault {
    const fault = typeof given === 'string' ? parseFault(given) : readFault(given);
    const { operation } = fault;
    if (operation === undefined || this.operations.some((each) => isNamed(each, operation))) return fault;
    const known = this.operations.map(({ id }) => `"${id}"`);
    throw new UsageError(
      `there is no operation "${operation}"; there are ${known.slice(0, 20).join(', ')}${known.length > 20 ? ' and others' : ''}`,
    );
  }
}

function isNamed({ name, id, definition }: Named, text: string): boolean {
  return text === id || text === name || text === `${definition.method} ${definition.path}`;
}
