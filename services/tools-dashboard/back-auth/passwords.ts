import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** How much work a hash takes, as scrypt counts it. */
export type PasswordCost = Readonly<Required<Pick<ScryptOptions, 'N' | 'r' | 'p'>>>;

/** 16 MiB and five passes: one of the settings that OWASP recommends for scrypt. */
const usualCost: PasswordCost = { N: 16_384, r: 8, p: 5 };
const HASH_BYTES = 32;

/** A salted hash that names its own settings, so that they can be raised later: `scrypt$N$r$p$salt$hash`. */
export async function hashPassword(password: string, cost: PasswordCost = usualCost): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Whether the hash is of this password. False for what is no hash of ours. */
export async function isPassword(password: string, hashed: string): Promise<boolean> {
  const [kind, n, r, p, salt = '', hash = ''] = hashed.split('$');
  if (kind !== 'scrypt') return false;
  const expected = Buffer.from(hash, 'base64url');
  if (expected.length !== HASH_BYTES) return false;
  const settings = { N: Number(n), r: Number(r), p: Number(p) };
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64url'), settings), expected);
}

/** Unicode has several ways to write one letter; keyboards differ in which they use. */
function derive(password: string, salt: Buffer, settings: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, settings, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
