import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import type { InhabitedWorld } from './inhabited.js';
import { seededRandom } from './random.js';

/** The world that the process plays at the moment; one at a time. */
let active: { readonly world: InhabitedWorld; readonly random: () => number; readonly uuid: () => string } | undefined;
let patched = false;

/**
 * Runs a simulation in a process whose time, timers and chance are the world's: what libraries and handlers ask of the platform is the same in every run.
 * Real connections, look-ups and processes are refused and taken down with their stack: what they bring can be neither replayed nor shrunk.
 */
export async function inSimulation<T>(world: InhabitedWorld, run: () => Promise<T>): Promise<T> {
  if (active !== undefined) throw new Error('one simulation runs at a time');
  patch();
  const random = seededRandom(world.clock, `globals/${world.plan.seed}`);
  active = { world, random: () => random.next(), uuid: () => random.uuid() };
  const uncaught = (error: unknown): void => {
    world.witness.see(world.subject.name, undefined, { kind: 'uncaught', error: String(error) });
  };
  process.on('unhandledRejection', uncaught);
  try {
    return await run();
  } finally {
    process.off('unhandledRejection', uncaught);
    active = undefined;
  }
}

/** A timer of a simulation, with the methods that users of Node's timers call. */
class VirtualTimer {
  readonly cancel: () => void;

  constructor(cancel: () => void) {
    this.cancel = cancel;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return false;
  }

  [Symbol.dispose](): void {
    this.cancel();
  }
}

function patch(): void {
  if (patched) return;
  patched = true;
  patchTimers();
  patchDate();
  patchChance();
  patchDoors();
}

function patchTimers(): void {
  const real = { setTimeout, clearTimeout, setInterval, clearInterval };
  const virtual = (run: (...args: unknown[]) => void, delayMs: number | undefined, args: unknown[], again: boolean) => {
    const { world } = active as NonNullable<typeof active>;
    let cancel = (): void => {};
    const set = (): void => {
      cancel = world.clock.timer(Math.max(delayMs ?? 0, 1), () => {
        if (again) set();
        run(...args);
      });
    };
    set();
    return new VirtualTimer(() => cancel());
  };
  replace(globalThis, 'setTimeout', (run: never, delayMs?: number, ...args: unknown[]) =>
    active === undefined ? real.setTimeout(run, delayMs, ...args) : virtual(run, delayMs, args, false),
  );
  replace(globalThis, 'setInterval', (run: never, delayMs?: number, ...args: unknown[]) =>
    active === undefined ? real.setInterval(run, delayMs, ...args) : virtual(run, delayMs, args, true),
  );
  const clear = (clearReal: (handle: never) => void) => (handle: unknown) => {
    if (handle instanceof VirtualTimer) handle.cancel();
    else clearReal(handle as never);
  };
  replace(globalThis, 'clearTimeout', clear(real.clearTimeout));
  replace(globalThis, 'clearInterval', clear(real.clearInterval));
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  replace(AbortSignal, 'timeout', (delayMs: number) => {
    if (active === undefined) return timeout(delayMs);
    const controller = new AbortController();
    active.world.clock.timer(delayMs, () => {
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    });
    return controller.signal;
  });
}

function patchDate(): void {
  const Real = Date;
  const now = Real.now.bind(Real);
  const Virtual = new Proxy(Real, {
    construct: (target, args: readonly unknown[], maker) =>
      Reflect.construct(target, args.length === 0 && active ? [active.world.clock.now()] : [...args], maker),
    apply: () => (active ? new Real(active.world.clock.now()).toString() : new Real().toString()),
  });
  replace(Real, 'now', () => (active ? active.world.clock.now() : now()));
  Object.defineProperty(Real.prototype, 'constructor', { value: Virtual, writable: true, configurable: true });
  replace(globalThis, 'Date', Virtual);
  const elapsed = performance.now.bind(performance);
  replace(performance, 'now', () => (active ? active.world.clock.now() - 1_767_000_000_000 : elapsed()));
}

function patchChance(): void {
  const random = Math.random.bind(Math);
  replace(Math, 'random', () => (active ? active.random() : random()));
  const { randomUUID, randomBytes, randomFillSync } = crypto;
  const filled = <T extends NodeJS.ArrayBufferView>(view: T): T => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let index = 0; index < bytes.length; index++) bytes[index] = Math.floor((active?.random() ?? 0) * 256);
    return view;
  };
  replace(crypto, 'randomUUID', () => active?.uuid() ?? randomUUID());
  replace(crypto.webcrypto, 'randomUUID', () => active?.uuid() ?? randomUUID());
  replace(crypto, 'randomBytes', (size: number, tell?: (error: Error | null, bytes: Buffer) => void) => {
    if (active === undefined) return tell === undefined ? randomBytes(size) : randomBytes(size, tell);
    const bytes = filled(Buffer.alloc(size));
    if (tell === undefined) return bytes;
    process.nextTick(tell, null, bytes);
    return undefined;
  });
  const fill = (view: NodeJS.ArrayBufferView) => (active === undefined ? randomFillSync(view) : filled(view));
  replace(crypto.webcrypto, 'getRandomValues', fill);
}

/** What reaches the world outside. The stack says who asked. */
function patchDoors(): void {
  guard(net.Socket.prototype, 'connect', 'a network connection');
  guard(globalThis, 'fetch', 'an HTTP request');
  for (const name of ['lookup', 'resolve'] as const) guard(dns, name, 'a look-up of a name');
  for (const name of ['spawn', 'exec', 'execFile', 'fork'] as const) guard(childProcess, name, 'a process');
  syncBuiltinESMExports();
}

function guard(on: object, name: string, what: string): void {
  const real = Reflect.get(on, name) as (...args: unknown[]) => unknown;
  replace(on, name, function guarded(this: unknown, ...args: unknown[]) {
    if (active === undefined) return Reflect.apply(real, this, args);
    const { world } = active;
    const error = new Error(`${what} in a simulation`);
    world.witness.see(world.subject.name, undefined, { kind: 'leaked', what, stack: error.stack ?? '' });
    throw error;
  });
}

function replace(on: object, name: string, value: unknown): void {
  Object.defineProperty(on, name, { value, writable: true, configurable: true });
}
