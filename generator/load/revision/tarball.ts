import { gunzipSync } from 'node:zlib';
import type { RevisionFile } from './entry.js';

const BLOCK = 512;
const BYTES_MAX = 1024 * 1024 * 1024;

/** The bytes are no tar archive, or one that is cut off. */
export class TarballFailure extends Error {}

/**
 * The plain files of a tar archive, gzipped or not. Links, devices and folders are left out: contracts are files, and a link could lead out of the archive.
 * Reads ustar, the long names of GNU tar and the `path` of PAX headers. Throws TarballFailure; bound: 1 GiB unpacked.
 */
export function readTarball(packed: Uint8Array): readonly RevisionFile[] {
  const bytes = unpacked(packed);
  if (bytes.length < BLOCK) throw new TarballFailure('it is no tar archive');
  const files: RevisionFile[] = [];
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    if (!isHeader(header)) throw new TarballFailure('it is no tar archive');
    const size = octal(header, 124, 12);
    const start = at + BLOCK;
    if (!Number.isSafeInteger(size) || start + size > bytes.length) throw new TarballFailure('it is cut off');
    const content = bytes.subarray(start, start + size);
    const kind = String.fromCharCode(header[156] ?? 0);
    if (kind === 'L') longName = text(content, 0, size);
    else if (kind === 'x') longName = paxPath(content) ?? longName;
    else if (kind !== 'g') {
      if (kind === '0' || kind === '\0') files.push({ path: withoutDot(longName ?? nameOf(header)), bytes: content });
      longName = undefined;
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function unpacked(packed: Uint8Array): Buffer {
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) return Buffer.from(packed);
  try {
    return gunzipSync(packed, { maxOutputLength: BYTES_MAX });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new TarballFailure(code === 'ERR_BUFFER_TOO_LARGE' ? 'it unpacks to more than 1 GiB' : message);
  }
}

/** The checksum counts its own field as spaces. */
function isHeader(header: Uint8Array): boolean {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  return sum === octal(header, 148, 8);
}

function nameOf(header: Uint8Array): string {
  const name = text(header, 0, 100);
  const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Records of `<length> <key>=<value>\n`; the length counts all of it, in bytes. */
function paxPath(content: Uint8Array): string | undefined {
  let found: string | undefined;
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at);
    const length = space < 0 ? Number.NaN : Number(text(content, at, space - at));
    if (!Number.isSafeInteger(length) || length < 1) break;
    const record = text(content, space + 1, at + length - space - 2);
    if (record.startsWith('path=')) found = record.slice('path='.length);
    at += length;
  }
  return found;
}

function octal(bytes: Uint8Array, from: number, length: number): number {
  const digits = text(bytes, from, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : digits === '' ? 0 : Number.NaN;
}

function text(bytes: Uint8Array, from: number, length: number): string {
  const field = Buffer.from(bytes.subarray(from, from + length));
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}

function withoutDot(path: string): string {
  return path.replace(/^(\.\/)+/, '');
}
