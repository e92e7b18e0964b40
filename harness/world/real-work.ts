import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

let underWay = 0;
let watched = false;

/**
 * Whether the platform computes something beside the event loop: keys, signatures and password hashes take real time, for which virtual time has to stand
 * still, or a time-out would come before a signature in one run and after it in the next.
 */
export function realWork(): boolean {
  return underWay > 0;
}

/** Watches such work from now on; once is enough. It runs as before, whether anybody simulates or not. */
export function watchRealWork(): void {
  if (watched) return;
  watched = true;
  const subtle: object = Object.getPrototypeOf(crypto.webcrypto.subtle) as object;
  for (const name of subtleMethods) watchPromise(subtle, name);
  for (const name of callbackMethods) watchCallback(crypto, name);
  syncBuiltinESMExports();
}

const subtleMethods = [
  ...['sign', 'verify', 'digest', 'encrypt', 'decrypt', 'generateKey', 'importKey', 'exportKey'],
  ...['deriveBits', 'deriveKey', 'wrapKey', 'unwrapKey'],
];
const callbackMethods = ['scrypt', 'pbkdf2', 'hkdf', 'generateKeyPair', 'randomFill'];

function watchPromise(on: object, name: string): void {
  const real = Reflect.get(on, name) as (...args: unknown[]) => Promise<unknown>;
  replace(on, name, async function watchedCall(this: unknown, ...args: unknown[]) {
    underWay += 1;
    try {
      return await Reflect.apply(real, this, args);
    } finally {
      underWay -= 1;
    }
  });
}

function watchCallback(on: object, name: string): void {
  const real = Reflect.get(on, name) as (...args: unknown[]) => unknown;
  replace(on, name, function watchedCall(this: unknown, ...args: unknown[]) {
    const tell = args.at(-1);
    if (typeof tell !== 'function') return Reflect.apply(real, this, args);
    underWay += 1;
    const told = (...results: unknown[]): void => {
      underWay -= 1;
      Reflect.apply(tell, undefined, results);
    };
    try {
      return Reflect.apply(real, this, [...args.slice(0, -1), told]);
    } catch (error) {
      underWay -= 1;
      throw error;
    }
  });
}

function replace(on: object, name: string, value: unknown): void {
  Object.defineProperty(on, name, { value, writable: true, configurable: true });
}
