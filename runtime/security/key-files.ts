import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../errors.js';
import { type SigningKey, signingKeyOf, type TrustedKeys, type TrustedKeyTexts, trustedKeysOf } from './keys.js';

/** The key in `SEAMWRIGHT_SIGNING_KEY`: a PEM text, or `file:` and the path of one. Throws `UsageError` when it cannot be read. */
export function signingKeyFrom(value: string): SigningKey {
  const variable = 'SEAMWRIGHT_SIGNING_KEY';
  const path = pathOf(value);
  return signingKeyOf(path === undefined ? value : textOf(path, variable), path === undefined ? variable : `"${path}"`);
}

/**
 * The keys in `SEAMWRIGHT_TRUSTED_KEYS`: JSON `{"<service>": "<PEM>" or ["<PEM>", …]}`, or `file:` and the path of such JSON or of a directory with a
 * `<service>.pem` for each service, in which several keys may stand. Throws `UsageError` when they cannot be read.
 */
export function trustedKeysFrom(value: string): TrustedKeys {
  const variable = 'SEAMWRIGHT_TRUSTED_KEYS';
  const path = pathOf(value);
  if (path === undefined) return trustedKeysOf(textsIn(value, variable), variable);
  return isDirectory(path, variable)
    ? trustedKeysOf(textsBelow(path, variable), `"${path}"`)
    : trustedKeysOf(textsIn(textOf(path, variable), `"${path}"`), `"${path}"`);
}

/** `file:///etc/key.pem` and `file:./key.pem`. */
function pathOf(value: string): string | undefined {
  if (!value.startsWith('file:')) return undefined;
  return value.startsWith('file://') && URL.canParse(value) ? fileURLToPath(value) : value.slice('file:'.length);
}

function textsIn(json: string, place: string): TrustedKeyTexts {
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch {
    read = undefined;
  }
  if (isTexts(read)) return read;
  throw new UsageError(
    `${place} is no JSON object of public keys by service, such as {"people": "-----BEGIN PUBLIC KEY-----…"}`,
  );
}

function isTexts(value: unknown): value is TrustedKeyTexts {
  const isText = (one: unknown): boolean => typeof one === 'string';
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((one) => isText(one) || (Array.isArray(one) && one.every(isText)))
  );
}

/** Hidden entries are passed over: mounted secrets keep their versions in some. */
function textsBelow(folder: string, variable: string): TrustedKeyTexts {
  const names = readdirSync(folder).filter((name) => name.endsWith('.pem') && !name.startsWith('.'));
  if (names.length === 0) throw new UsageError(`${variable}: "${folder}" holds no <service>.pem`);
  return Object.fromEntries(names.map((name) => [basename(name, '.pem'), textOf(join(folder, name), variable)]));
}

function isDirectory(path: string, variable: string): boolean {
  return reading(path, variable, () => statSync(path).isDirectory());
}

function textOf(path: string, variable: string): string {
  return reading(path, variable, () => readFileSync(path, 'utf8'));
}

function reading<T>(path: string, variable: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new UsageError(`${variable}: "${path}" cannot be read${code}`);
  }
}
